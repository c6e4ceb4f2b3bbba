//! An operator withdraws a certificate for good.

use shared::{CertificateId, CertificateStatus, ProvisionedVehicle, Refusal, Retirement, RetirementCause, ThingName};

use crate::{ActionBy, DoorClosure, Effect, StatusRecord, VehicleFacts};

/// Whether this certificate can be revoked.
pub fn may_revoke(row: &ProvisionedVehicle) -> Result<(), Refusal> {
    match row.certificate_status {
        CertificateStatus::Revoked => Err(Refusal::AlreadyRevoked),
        CertificateStatus::Deleted => Err(Refusal::AlreadyDeleted),
        CertificateStatus::Active | CertificateStatus::Inactive | CertificateStatus::PendingActivation => Ok(()),
    }
}

/// Closes the door first, so that the vehicle cannot come back while it is being put out; records the end last, so that a
/// revocation that was interrupted can be repeated until it is whole. `reported` is what AWS IoT says of the certificate.
pub fn revoke(
    facts: &VehicleFacts,
    row: &ProvisionedVehicle,
    reported: Option<CertificateStatus>,
    action: &ActionBy,
) -> Result<Vec<Effect>, Refusal> {
    may_revoke(row)?;
    let retirement = retirement(RetirementCause::Revoked, action);
    let mut effects = close_door(facts, row, action);
    // A certificate that was deleted behind our back can only be recorded as gone.
    let status = if reported.is_some() {
        effects.push(Effect::RevokeCertificate(row.certificate_id.clone()));
        CertificateStatus::Revoked
    } else {
        CertificateStatus::Deleted
    };
    if row.certificate_status != CertificateStatus::PendingActivation {
        effects.push(Effect::CutConnection(ThingName::of(&row.vin)));
    }
    effects.push(Effect::RecordStatus(StatusRecord {
        vin: row.vin.clone(),
        certificate_id: row.certificate_id.clone(),
        status,
        retirement: Some(retirement),
    }));
    Ok(effects)
}

/// The vehicle's own certificate, if this row is not it, stays its own: one that is active while this row waits to be
/// registered or to be retired.
fn settled_on(facts: &VehicleFacts, row: &ProvisionedVehicle) -> CertificateId {
    let is_admitted = facts.admitted() == Some(&row.certificate_id);
    if is_admitted && row.certificate_status != CertificateStatus::PendingActivation {
        return row.certificate_id.clone();
    }
    facts
        .provisioned
        .iter()
        .find(|other| {
            other.certificate_status == CertificateStatus::Active && other.certificate_id != row.certificate_id
        })
        .unwrap_or(row)
        .certificate_id
        .clone()
}

/// Closes the door of the vehicle, and its open ticket with it.
pub(crate) fn close_door(facts: &VehicleFacts, row: &ProvisionedVehicle, action: &ActionBy) -> Vec<Effect> {
    // Where there is no authorization there is no door, and closing it must not make a half-empty row.
    let Some(authorized) = &facts.authorized else { return Vec::new() };
    vec![Effect::CloseDoor(DoorClosure {
        vin: facts.vin.clone(),
        settled_on: settled_on(facts, row),
        at: action.at,
        in_place_of: authorized.admitted_certificate_id.clone(),
        ticket: authorized.ticket.clone(),
        previous_never_registered: facts.admitted_never_registered(),
    })]
}

pub(crate) fn retirement(cause: RetirementCause, action: &ActionBy) -> Retirement {
    Retirement { cause, at: action.at, by: Some(action.operator.clone()), reason: Some(action.reason.clone()) }
}
