//! What is known when something is decided.

use shared::{
    AuthorizedVehicle, CertificateId, CertificateStatus, ProvisionedVehicle, RetirementCause, Timestamp, Vin,
};

use crate::{Effect, Registration};

/// All that the tables know of one vehicle, read consistently.
///
/// Where AWS IoT reports the admitted certificate as active and its row still says pending, the row here says active, too.
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

    /// The registration that AWS IoT reports and the tables have not seen, if there is one: whoever builds on it records it
    /// first, so that no later event takes the certificate for one that came too late.
    pub(crate) fn unseen_registration(&self, now: Timestamp) -> Option<Effect> {
        let door_is_open = self.authorized.as_ref().is_some_and(|authorized| authorized.allow_provisioning);
        let row = self.row(self.admitted()?)?;
        let is_unseen = row.certificate_status == CertificateStatus::Active
            && row.admitted_at.is_some()
            && row.registered_at.is_none();
        (is_unseen && door_is_open).then(|| {
            Effect::RecordRegistered(Registration {
                vin: row.vin.clone(),
                certificate_id: row.certificate_id.clone(),
                must_be_admitted: true,
                was_expected: self.is_expected(),
                at: now,
            })
        })
    }

    /// Whether somebody said with which claim certificate it is expected, and it has not come yet.
    pub(crate) fn is_expected(&self) -> bool {
        self.authorized.as_ref().is_some_and(|authorized| authorized.expected_claim_certificate_id.is_some())
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
