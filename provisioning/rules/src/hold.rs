//! An operator suspends a vehicle.

use shared::{CertificateStatus, ProvisionedVehicle, Refusal, RetirementCause, ThingName};

use crate::facts::is_held;
use crate::revoke::{close_door, retirement};
use crate::{ActionBy, Effect, StatusRecord, VehicleFacts};

/// Whether this certificate can be put on hold.
pub fn may_hold(row: &ProvisionedVehicle) -> Result<(), Refusal> {
    match row.certificate_status {
        CertificateStatus::Active => Ok(()),
        CertificateStatus::Inactive if is_held(row) => Err(Refusal::AlreadyOnHold),
        CertificateStatus::Inactive | CertificateStatus::PendingActivation => Err(Refusal::NotActive),
        CertificateStatus::Revoked => Err(Refusal::AlreadyRevoked),
        CertificateStatus::Deleted => Err(Refusal::AlreadyDeleted),
    }
}

/// Closes the door, suspends the certificate, cuts the connection and records the hold last, so that it can be repeated.
pub fn hold(facts: &VehicleFacts, row: &ProvisionedVehicle, action: &ActionBy) -> Result<Vec<Effect>, Refusal> {
    may_hold(row)?;
    let mut effects = Vec::from_iter(facts.unseen_registration(action.at));
    effects.extend(close_door(facts, row, action));
    effects.extend([
        Effect::DeactivateCertificate(row.certificate_id.clone()),
        Effect::CutConnection(ThingName::of(&row.vin)),
        Effect::RecordStatus(StatusRecord {
            vin: row.vin.clone(),
            certificate_id: row.certificate_id.clone(),
            status: CertificateStatus::Inactive,
            retirement: Some(retirement(RetirementCause::Held, action)),
        }),
    ]);
    Ok(effects)
}
