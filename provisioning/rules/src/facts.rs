//! What is known when something is decided.

use shared::{
    AuthorizedVehicle, CertificateId, CertificateStatus, ProvisionedVehicle, RetirementCause, Timestamp, Vin,
};

/// All that the tables know of one vehicle, read consistently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VehicleFacts {
    /// The vehicle.
    pub vin: Vin,
    /// Its authorization, if there is one.
    pub authorized: Option<AuthorizedVehicle>,
    /// Every certificate it was admitted with.
    pub provisioned: Vec<ProvisionedVehicle>,
}

impl VehicleFacts {
    /// The row of one certificate.
    pub fn row(&self, certificate_id: &CertificateId) -> Option<&ProvisionedVehicle> {
        self.provisioned.iter().find(|row| row.certificate_id == *certificate_id)
    }

    /// The certificate admitted last, where these rules admitted one.
    pub fn admitted(&self) -> Option<&CertificateId> {
        self.authorized.as_ref()?.admitted_certificate_id.as_ref()
    }

    /// Whether the admitted certificate was never registered. It alone may become so from one moment to the next, so
    /// whoever decides on the strength of this makes sure that it is still so.
    pub(crate) fn admitted_never_registered(&self) -> bool {
        self.admitted()
            .and_then(|admitted| self.row(admitted))
            .is_some_and(|row| row.certificate_status == CertificateStatus::PendingActivation)
    }

    /// Whether a certificate of this vehicle was ever good for connecting: from then on a new one needs a ticket.
    pub(crate) fn was_ever_live(&self) -> bool {
        self.provisioned.iter().any(ProvisionedVehicle::was_ever_live)
    }

    /// Whether an operator suspended the vehicle.
    pub(crate) fn is_on_hold(&self) -> bool {
        self.provisioned.iter().any(is_held)
    }
}

/// Whether an operator suspended this certificate.
pub(crate) fn is_held(row: &ProvisionedVehicle) -> bool {
    row.certificate_status == CertificateStatus::Inactive
        && row.retirement.as_ref().is_some_and(|retirement| retirement.cause == RetirementCause::Held)
}

/// Who acts, why and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionBy {
    /// The operator's name.
    pub operator: String,
    /// The operator's reason, checked.
    pub reason: String,
    /// The time of the action.
    pub at: Timestamp,
}
