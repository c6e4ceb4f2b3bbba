//! What is recorded of a vehicle: that it may be provisioned, and the certificates it was given.

use serde::{Deserialize, Serialize};

use crate::{AuthorityId, CertificateId, CertificateStatus, ClaimCertificateId, ReprovisionTicket, Timestamp, Vin};

/// A VIN that may be provisioned: the row of AuthorizedVehicles.
///
/// Plants' scripts write `vin`, `make`, `model`, `year` and `allow_provisioning` alone, and not always all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizedVehicle {
    /// The vehicle.
    pub vin: Vin,
    /// The manufacturer, where recorded.
    pub make: Option<String>,
    /// The model, where recorded.
    pub model: Option<String>,
    /// The model year, where recorded.
    pub year: Option<String>,
    /// Whether the door is open at all. A row without it is closed.
    pub allow_provisioning: bool,
    /// The certificate admitted last: the only one of this VIN that may become or stay active.
    /// `None` on rows that were never provisioned through these rules.
    pub admitted_certificate_id: Option<CertificateId>,
    /// The ticket opened last, if any.
    pub ticket: Option<ReprovisionTicket>,
    /// The operator who authorized the VIN in the console, if one did.
    pub authorized_by: Option<String>,
    /// The claim certificate it is expected to come with, until it has come. `None` where nobody said.
    pub expected_claim_certificate_id: Option<ClaimCertificateId>,
}

/// One certificate issued to one vehicle: the row of ProvisionedVehicles with the key VIN and certificate id.
/// A vehicle has one for each certificate it was ever admitted with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionedVehicle {
    /// The vehicle.
    pub vin: Vin,
    /// The certificate.
    pub certificate_id: CertificateId,
    /// The manufacturer, copied from the authorization.
    pub make: Option<String>,
    /// The model, copied from the authorization.
    pub model: Option<String>,
    /// The model year, copied from the authorization.
    pub year: Option<String>,
    /// The AWS region the vehicle was provisioned in.
    pub region: Option<String>,
    /// What was reported of the certificate last.
    pub certificate_status: CertificateStatus,
    /// Whether the vehicle has reported with this certificate.
    pub has_connected_once: bool,
    /// When it reported first, where recorded.
    pub first_connected_at: Option<Timestamp>,
    /// The claim certificate that asked, where recorded.
    pub claim_certificate_id: Option<ClaimCertificateId>,
    /// The authority that signed the certificate, where the vehicle came with one of its own.
    pub authority_id: Option<AuthorityId>,
    /// The operator who issued it in the console; `None` where a vehicle asked for itself.
    pub issued_by: Option<String>,
    /// The MQTT client id that asked, where recorded.
    pub client_id: Option<String>,
    /// When it was admitted, where recorded.
    pub admitted_at: Option<Timestamp>,
    /// When it was registered and became active, where recorded.
    pub registered_at: Option<Timestamp>,
    /// Why it is not in use any more, where recorded.
    pub retirement: Option<Retirement>,
}

impl ProvisionedVehicle {
    /// The make that an existing deployment writes into the row of a denied attempt for an unknown VIN.
    pub const NOT_AUTHORIZED_MAKE: &str = "AUTHORIZED_VEHICLE_NOT_FOUND";

    /// Whether this certificate was ever good for connecting, as far as the row tells.
    ///
    /// Rows of an existing deployment say DELETED for denied and for replaced certificates alike; one that was
    /// replaced stands beside a live row, so a lone DELETED row without our attributes was a denied attempt.
    /// One that was superseded was put out before it counted, and what an operator ended never counts as new again.
    pub fn was_ever_live(&self) -> bool {
        let was_used = self.registered_at.is_some() || self.has_connected_once;
        match (self.certificate_status, self.retirement.as_ref().map(|retirement| retirement.cause)) {
            (CertificateStatus::Active | CertificateStatus::Revoked, _) => true,
            (CertificateStatus::PendingActivation, _) => false,
            (CertificateStatus::Inactive | CertificateStatus::Deleted, Some(RetirementCause::Superseded)) => was_used,
            (CertificateStatus::Inactive, _) => true,
            (CertificateStatus::Deleted, Some(_)) => true,
            (CertificateStatus::Deleted, None) => was_used,
        }
    }
}

/// Why a certificate is not in use any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retirement {
    /// What ended it.
    pub cause: RetirementCause,
    /// When.
    pub at: Timestamp,
    /// The operator, where a person ended it.
    pub by: Option<String>,
    /// The operator's reason, where a person ended it.
    pub reason: Option<String>,
}

/// What ended, or suspended, the use of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RetirementCause {
    /// A newer certificate of the same vehicle was registered.
    Replaced,
    /// It was registered after another one had been admitted for the same VIN, or after the door was closed.
    Superseded,
    /// An operator withdrew it.
    Revoked,
    /// An operator suspended it.
    Held,
}

impl RetirementCause {
    /// Every cause.
    pub const ALL: [Self; 4] = [Self::Replaced, Self::Superseded, Self::Revoked, Self::Held];

    /// The word that is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Replaced => "REPLACED",
            Self::Superseded => "SUPERSEDED",
            Self::Revoked => "REVOKED",
            Self::Held => "HELD",
        }
    }

    /// Reads the stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == word)
    }
}
