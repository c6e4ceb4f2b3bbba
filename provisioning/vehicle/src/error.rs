//! Everything that can keep a vehicle from its goal, each with the sentence an operator reads.

use std::path::PathBuf;
use std::time::Duration;

/// Why a vehicle could not do what it was asked to.
///
/// Every message is one sentence that names what was attempted; none contains a key or a token.
#[derive(Debug, thiserror::Error)]
pub enum VehicleError {
    /// What the caller gave cannot be used; the sentence says what to give instead.
    #[error("{0}")]
    BadInput(String),

    /// No TCP connection could be made.
    #[error("cannot reach {address}: {source}; check the host, the port and the network")]
    CannotReach {
        /// `host:port` as given.
        address: String,
        /// What the operating system said.
        source: std::io::Error,
    },

    /// The server's certificate is not signed by a trusted root or is for another name.
    #[error("{address} is not trusted: {reason}; check the host name and the root CA file")]
    ServerNotTrusted {
        /// `host:port` as given.
        address: String,
        /// What the TLS library found.
        reason: String,
    },

    /// The broker does not accept this certificate, or its policy does not allow what was attempted.
    #[error(
        "{address} refused the certificate while {step}: {reason}; it may be inactive, revoked or not allowed to do this"
    )]
    IdentityRefused {
        /// `host:port` as given.
        address: String,
        /// What was being attempted, as in "connecting as X".
        step: String,
        /// How the broker refused.
        reason: String,
    },

    /// The claim was let in, but may not send the certificate signing request of a vehicle.
    #[error(
        "{address} does not let this claim certificate ask for a certificate for the vehicle's own key ({reason}); have its \
         policy allow the topics $aws/certificates/create-from-csr/*, or have AWS make the key with --keys aws"
    )]
    OwnKeyNotAllowed {
        /// `host:port` as given.
        address: String,
        /// How the broker refused.
        reason: String,
    },

    /// AWS IoT Core rejected the request for good: the same request will be rejected again.
    #[error("provisioning was denied while {step}: {code} ({status}) {message}")]
    ProvisioningDenied {
        /// What was being attempted.
        step: String,
        /// `statusCode` of the rejection.
        status: u16,
        /// `errorCode` of the rejection.
        code: String,
        /// `errorMessage` of the rejection.
        message: String,
    },

    /// The other side is throttling or failing for now.
    #[error("the broker could not serve the request while {step}: {reason}; try again later")]
    Busy {
        /// What was being attempted.
        step: String,
        /// What the broker said.
        reason: String,
    },

    /// A step took longer than the endpoint's step timeout.
    #[error("timed out after {} s while {step}", limit.as_secs_f32())]
    TimedOut {
        /// What was being attempted.
        step: String,
        /// The limit that was exceeded.
        limit: Duration,
    },

    /// The other side answered with something that is not an answer to what was asked.
    #[error("cannot understand the answer while {step}: {reason}")]
    BrokenAnswer {
        /// What was being attempted.
        step: String,
        /// What is wrong with it.
        reason: String,
    },

    /// An established connection ended without being asked to.
    #[error("the connection was lost while {step}: {reason}")]
    ConnectionLost {
        /// What was being attempted.
        step: String,
        /// How it ended.
        reason: String,
    },

    /// The identity folder could not be read or written.
    #[error("cannot {attempt} {}: {source}", path.display())]
    Storage {
        /// What was attempted, as in "write".
        attempt: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}
