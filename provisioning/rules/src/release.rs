//! An operator ends a suspension.

use shared::{CertificateStatus, ProvisionedVehicle, Refusal};

use crate::facts::is_held;
use crate::{Effect, StatusRecord, VehicleFacts};

/// Whether this certificate can be released. One that an existing deployment left inactive without saying why counts as
/// held: its vehicle may have been knocked off the air.
pub fn may_release(facts: &VehicleFacts, row: &ProvisionedVehicle) -> Result<(), Refusal> {
    match row.certificate_status {
        CertificateStatus::Inactive if is_held(row) || row.retirement.is_none() => {}
        CertificateStatus::Revoked => return Err(Refusal::AlreadyRevoked),
        CertificateStatus::Deleted => return Err(Refusal::AlreadyDeleted),
        _ => return Err(Refusal::NotOnHold),
    }
    let another_is_active = facts.provisioned.iter().any(|other| other.certificate_status == CertificateStatus::Active);
    let another_was_admitted = facts.admitted().is_some_and(|admitted| *admitted != row.certificate_id);
    if another_is_active || another_was_admitted { Err(Refusal::ReplacedMeanwhile) } else { Ok(()) }
}

/// Puts the certificate back in use. The door stays closed: a vehicle that is back needs no new certificate.
///
/// The hold ends in the row first: whoever meets an active certificate with a hold on it deactivates it, and the vehicle is
/// back the moment it is activated.
pub fn release(facts: &VehicleFacts, row: &ProvisionedVehicle) -> Result<Vec<Effect>, Refusal> {
    may_release(facts, row)?;
    let record = |status| {
        Effect::RecordStatus(StatusRecord {
            vin: row.vin.clone(),
            certificate_id: row.certificate_id.clone(),
            status,
            retirement: None,
            pending_since: None,
        })
    };
    Ok(vec![
        record(CertificateStatus::Inactive),
        Effect::ActivateCertificate(row.certificate_id.clone()),
        record(CertificateStatus::Active),
    ])
}
