//! An operator suspends a vehicle.

use shared::{CertificateStatus, ProvisionedVehicle, Refusal, RetirementCause};

use crate::facts::is_held;
use crate::revoke::{close_door, disconnect, retirement};
use crate::{ActionBy, Effect, StatusRecord, VehicleFacts};

/// Whether this certificate can be put on hold. One that is on hold already can be so again where an earlier hold was
/// interrupted (`unfinished`): there may be something left to prove.
pub fn may_hold(row: &ProvisionedVehicle, unfinished: bool) -> Result<(), Refusal> {
    match row.certificate_status {
        CertificateStatus::Active => Ok(()),
        CertificateStatus::Inactive if is_held(row) && unfinished => Ok(()),
        CertificateStatus::Inactive if is_held(row) => Err(Refusal::AlreadyOnHold),
        CertificateStatus::Inactive | CertificateStatus::PendingActivation => Err(Refusal::NotActive),
        CertificateStatus::Revoked => Err(Refusal::AlreadyRevoked),
        CertificateStatus::Deleted => Err(Refusal::AlreadyDeleted),
    }
}

/// Closes the door, suspends the certificate before the connection is cut (a vehicle that is cut off connects again within
/// a second), makes sure of both, and records the hold last, so that it can be repeated until it is whole.
pub fn hold(
    facts: &VehicleFacts,
    row: &ProvisionedVehicle,
    unfinished: bool,
    action: &ActionBy,
) -> Result<Vec<Effect>, Refusal> {
    may_hold(row, unfinished)?;
    let id = &row.certificate_id;
    let deactivate = Effect::DeactivateCertificate(id.clone());
    let prove_refused = Effect::ProveRefused(id.clone());
    let record = |retirement| {
        Effect::RecordStatus(StatusRecord {
            vin: row.vin.clone(),
            certificate_id: id.clone(),
            status: CertificateStatus::Inactive,
            retirement,
            pending_since: None,
        })
    };
    if is_held(row) {
        // Recorded before: the door may have been opened again since, and stays as it is.
        let mut effects = vec![deactivate];
        effects.extend(disconnect(facts, row, Some(CertificateStatus::Inactive)));
        effects.extend([prove_refused, record(row.retirement.clone())]);
        return Ok(effects);
    }
    let mut effects = Vec::from_iter(facts.unseen_registration(action.at));
    effects.extend(close_door(facts, row, action));
    effects.push(deactivate);
    effects.extend(disconnect(facts, row, Some(CertificateStatus::Active)));
    effects.extend([prove_refused, record(Some(retirement(RetirementCause::Held, action)))]);
    Ok(effects)
}
