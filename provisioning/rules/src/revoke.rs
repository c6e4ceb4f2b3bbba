//! An operator withdraws a certificate for good.

use shared::{CertificateId, CertificateStatus, ProvisionedVehicle, Refusal, Retirement, RetirementCause, ThingName};

use crate::{ActionBy, DoorClosure, Effect, StatusRecord, VehicleFacts};

/// Whether this certificate can be revoked. One that is revoked already can be revoked again where an earlier revocation
/// was interrupted (`unfinished`): there may be something left to prove or to detach.
pub fn may_revoke(row: &ProvisionedVehicle, unfinished: bool) -> Result<(), Refusal> {
    match row.certificate_status {
        CertificateStatus::Revoked if unfinished => Ok(()),
        CertificateStatus::Revoked => Err(Refusal::AlreadyRevoked),
        CertificateStatus::Deleted => Err(Refusal::AlreadyDeleted),
        CertificateStatus::Active | CertificateStatus::Inactive | CertificateStatus::PendingActivation => Ok(()),
    }
}

/// Puts a certificate out of use at once and for good. `reported` is what AWS IoT says of it; `unfinished` is whether an
/// earlier revocation of it was interrupted.
///
/// Each effect stands where it does for a reason:
/// 0. Where the vehicle's newer certificate is registered and the tables have not seen it, that is recorded first: behind
///    the closed door it would count as one that came too late.
/// 1. The door is closed first, so that the vehicle cannot come back while it is being put out.
/// 2. The certificate is deactivated before the connection is cut: a vehicle that is cut off connects again within a
///    second, and must be refused by then. Inactive rather than revoked, so that an interruption up to here can be undone.
/// 3. The connection is cut, 4. until AWS IoT says that there is none.
/// 5. Only then is it revoked, which is final, and 6. that AWS IoT refuses it is asked of AWS IoT and not assumed.
/// 7. The record comes when all of this is done, and not before: until then the revocation can be repeated until it is
///    whole.
/// 8. Detaching is tidying up, on which nothing depends: the row must not wait for it to tell the truth. Deletion comes
///    later still ([`crate::remove_revoked`]), so that what was revoked can be looked at for a while.
pub fn revoke(
    facts: &VehicleFacts,
    row: &ProvisionedVehicle,
    reported: Option<CertificateStatus>,
    unfinished: bool,
    action: &ActionBy,
) -> Result<Vec<Effect>, Refusal> {
    may_revoke(row, unfinished)?;
    let id = &row.certificate_id;
    if row.certificate_status == CertificateStatus::Revoked {
        // Recorded before: the door may have been opened again since, for another certificate, and stays as it is.
        let mut effects = vec![Effect::RevokeCertificate(id.clone())];
        effects.extend(disconnect(facts, row, reported));
        effects.extend([Effect::ProveRefused(id.clone()), Effect::DetachCertificate(id.clone())]);
        return Ok(effects);
    }
    let another_is_unseen = facts.admitted() != Some(id);
    let mut effects = Vec::from_iter(facts.unseen_registration(action.at).filter(|_| another_is_unseen));
    effects.extend(close_door(facts, row, action));
    // One that an interrupted revocation has revoked already is past being deactivated.
    let is_revoked = reported == Some(CertificateStatus::Revoked);
    if reported.is_some() && !is_revoked && row.certificate_status != CertificateStatus::PendingActivation {
        effects.push(Effect::DeactivateCertificate(id.clone()));
    }
    effects.extend(disconnect(facts, row, reported));
    if reported.is_some() {
        effects.push(Effect::RevokeCertificate(id.clone()));
    }
    effects.push(Effect::ProveRefused(id.clone()));
    effects.push(Effect::RecordStatus(StatusRecord {
        vin: row.vin.clone(),
        certificate_id: id.clone(),
        // A certificate that was deleted behind our back can only be recorded as gone.
        status: if reported.is_some() { CertificateStatus::Revoked } else { CertificateStatus::Deleted },
        retirement: Some(retirement(RetirementCause::Revoked, action)),
        pending_since: None,
    }));
    if reported.is_some() {
        effects.push(Effect::DetachCertificate(id.clone()));
    }
    Ok(effects)
}

/// Cuts the vehicle off, and makes sure of it. A certificate that waits to be activated has no connection to cut.
///
/// Where another certificate of the vehicle is active, the connection may be that one's. It is cut all the same, because
/// its vehicle is back in a second and nobody can tell whose it is; that nobody is connected is then neither to be
/// expected nor to be proven.
pub(crate) fn disconnect(
    facts: &VehicleFacts,
    row: &ProvisionedVehicle,
    reported: Option<CertificateStatus>,
) -> Vec<Effect> {
    let waits = row.certificate_status == CertificateStatus::PendingActivation;
    if waits && reported != Some(CertificateStatus::Active) {
        return Vec::new();
    }
    let thing = ThingName::of(&row.vin);
    let another_is_active = facts.provisioned.iter().any(|other| {
        other.certificate_status == CertificateStatus::Active && other.certificate_id != row.certificate_id
    });
    let mut effects = vec![Effect::CutConnection(thing.clone())];
    if !another_is_active {
        effects.push(Effect::ProveDisconnected(thing));
    }
    effects
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
