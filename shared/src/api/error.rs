//! Every way a request to the console API fails.

use serde::{Deserialize, Serialize};

use crate::{AuthorityId, CertificateId, ClaimCertificateId, Refusal, Vin};

/// Why a request failed. Each sentence is fit to be shown to the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "error", rename_all = "kebab-case")]
pub enum ApiError {
    /// Nobody is signed in.
    #[error("You are not signed in: sign in and try again.")]
    NotSignedIn,
    /// The request came from another site.
    #[error("This request did not come from the console: open the console and act there.")]
    ForeignOrigin,
    /// There is no such route.
    #[error("There is nothing at this address: check it, or start from the list of vehicles.")]
    NoSuchRoute,
    /// Neither authorized nor provisioned.
    #[error("Nothing is known of the vehicle {vin}: check the VIN, or authorize it.")]
    NoSuchVehicle {
        /// The VIN asked for.
        vin: Vin,
    },
    /// The certificate is unknown, or belongs to another vehicle.
    #[error("The vehicle {vin} has no certificate {certificate_id}: reload its page and choose from its list.")]
    NoSuchCertificate {
        /// The VIN asked for.
        vin: Vin,
        /// The certificate asked for.
        certificate_id: CertificateId,
    },
    /// There is no such authority.
    #[error("There is no authority {authority_id}: reload the page and choose from its list.")]
    NoSuchAuthority {
        /// The authority asked for.
        authority_id: AuthorityId,
    },
    /// A certificate or a request that somebody handed in cannot be used.
    #[error("{problem}")]
    UnusablePem {
        /// What is wrong with it and what to do, without a word of what it says.
        problem: String,
    },
    /// The deployed provisioning template cannot be followed.
    #[error("Nothing was done, because the deployed provisioning template cannot be followed: {problem}")]
    UnusableTemplate {
        /// What is wrong with it, and what to do.
        problem: String,
    },
    /// The receipt is unknown, or of another vehicle.
    #[error("The vehicle {vin} has no such receipt: reload its page and choose from its list.")]
    NoSuchReceipt {
        /// The VIN asked for.
        vin: Vin,
    },
    /// Neither on record nor in use.
    #[error("There is no claim certificate {claim_certificate_id}: reload the list of claims and choose from it.")]
    NoSuchClaim {
        /// The certificate asked for.
        claim_certificate_id: ClaimCertificateId,
    },
    /// The text is no VIN.
    #[error("{problem}")]
    InvalidVin {
        /// What is wrong with it.
        problem: String,
    },
    /// The body or a parameter cannot be read.
    #[error("The request cannot be read: {problem}")]
    InvalidRequest {
        /// What is wrong with it.
        problem: String,
    },
    /// The state of things does not allow it.
    #[error("{refusal}")]
    Refused {
        /// Why not.
        refusal: Refusal,
    },
    /// Somebody or something else changed the vehicle at the same time. Nothing was done.
    #[error("The vehicle changed in the meantime and nothing was done: look at its new state and decide again.")]
    ChangedMeanwhile,
    /// AWS asked for fewer calls, and kept asking.
    #[error("{service} is receiving more calls than its quota allows: wait a minute and try again. {progress}")]
    Throttled {
        /// Which service.
        service: String,
        /// What was done before, if anything.
        progress: String,
    },
    /// AWS could not be reached or had a failure of its own.
    #[error("{service} cannot be reached or failed: {problem} Try again. {progress}")]
    Unavailable {
        /// Which service.
        service: String,
        /// What happened, without secrets.
        problem: String,
        /// What was done before, if anything.
        progress: String,
    },
    /// AWS refused the call: a permission or a setting is wrong.
    #[error(
        "{service} refused {operation}: {problem} This deployment's permissions or settings need mending. {progress}"
    )]
    RefusedByAws {
        /// Which service.
        service: String,
        /// Which operation.
        operation: String,
        /// AWS's own words.
        problem: String,
        /// What was done before, if anything.
        progress: String,
    },
    /// The edge lacks a setting.
    #[error("The console's edge is not configured: {problem}")]
    Misconfigured {
        /// Which setting, and what it should be.
        problem: String,
    },
    /// The console could not reach its edge. Made by the console alone.
    #[error("The console's server cannot be reached. Nothing is lost: this page tries again.")]
    Offline,
}

impl ApiError {
    /// The HTTP status it is answered with.
    pub fn status(&self) -> u16 {
        match self {
            ApiError::NotSignedIn => 401,
            ApiError::ForeignOrigin => 403,
            ApiError::NoSuchRoute
            | ApiError::NoSuchClaim { .. }
            | ApiError::NoSuchVehicle { .. }
            | ApiError::NoSuchCertificate { .. }
            | ApiError::NoSuchReceipt { .. }
            | ApiError::NoSuchAuthority { .. } => 404,
            ApiError::InvalidVin { .. } | ApiError::InvalidRequest { .. } | ApiError::UnusablePem { .. } => 400,
            ApiError::Refused { .. } | ApiError::ChangedMeanwhile => 409,
            ApiError::Throttled { .. } | ApiError::Unavailable { .. } | ApiError::Offline => 503,
            ApiError::RefusedByAws { .. } => 502,
            ApiError::Misconfigured { .. } | ApiError::UnusableTemplate { .. } => 500,
        }
    }

    /// Whether the same request may succeed a little later.
    pub fn is_passing(&self) -> bool {
        matches!(self, ApiError::Throttled { .. } | ApiError::Unavailable { .. } | ApiError::Offline)
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        ApiError::Refused { refusal }
    }
}
