//! What became of one vehicle.

use std::time::Duration;

use shared::{CertificateId, Vin};
use vehicle::VehicleError;

/// What one vehicle was told, and how long it took.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its VIN.
    pub vin: Vin,
    /// The certificate it got, registered or not; `None` where it got none.
    pub certificate_id: Option<CertificateId>,
    /// What it was told.
    pub outcome: Outcome,
}

/// What a vehicle was told.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Its certificate is registered.
    Allowed(Times),
    /// It was denied, with this code.
    Denied(Times, String),
    /// It got no verdict.
    Failed {
        /// The kind of error, a word for counting.
        kind: &'static str,
        /// The error as a sentence.
        sentence: String,
    },
    /// The test was asked to end before its turn.
    NotStarted,
}

/// How long a verdict took, without the waiting for turns.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// From connecting with the claim to the answer to RegisterThing.
    pub whole: Duration,
    /// From RegisterThing to its answer.
    pub registering: Duration,
}

impl Outcome {
    /// The times of a vehicle that got a verdict.
    pub(crate) fn times(&self) -> Option<Times> {
        match self {
            Self::Allowed(times) | Self::Denied(times, _) => Some(*times),
            Self::Failed { .. } | Self::NotStarted => None,
        }
    }

    /// An error that is no verdict.
    pub(crate) fn failed(error: &VehicleError) -> Self {
        let kind = match error {
            VehicleError::BadInput(_) => "bad input",
            VehicleError::CannotReach { .. } => "cannot reach the broker",
            VehicleError::ServerNotTrusted { .. } => "server not trusted",
            VehicleError::IdentityRefused { .. } => "claim refused",
            VehicleError::OwnKeyNotAllowed { .. } => "claim may not use the vehicle's own key",
            VehicleError::ProvisioningDenied { .. } => "no certificate issued",
            VehicleError::Busy { .. } => "throttled or failing",
            VehicleError::TimedOut { .. } => "timed out",
            VehicleError::BrokenAnswer { .. } => "broken answer",
            VehicleError::ConnectionLost { .. } => "connection lost",
            VehicleError::Storage { .. } => "storage",
        };
        Self::Failed { kind, sentence: error.to_string() }
    }
}
