//! What follows when AWS IoT has registered a vehicle's certificate.

use shared::{CertificateId, CertificateStatus, ProvisionedVehicle, RetirementCause, Timestamp};

use crate::facts::is_held;
use crate::retire::{can_be_admitted_again, retire};
use crate::{Effect, Registration, VehicleFacts};

/// The certificate is not active yet: the event came before the last step of the registration. Look again shortly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AwaitingActivation;

/// Settles the vehicle on the certificate that was admitted last: that one becomes active in the tables and every other one
/// leaves. A certificate that is not the admitted one leaves itself. `reported` is what AWS IoT says of the certificate now.
///
/// Events arrive twice, late and out of order, so everything is decided from the facts and nothing from the event's kind.
pub fn after_registration(
    facts: &VehicleFacts,
    certificate_id: &CertificateId,
    reported: Option<CertificateStatus>,
    now: Timestamp,
) -> Result<Vec<Effect>, AwaitingActivation> {
    // A row that does not exist is not made here: the certificate was never admitted.
    let Some(row) = facts.row(certificate_id) else { return Ok(Vec::new()) };
    match row.certificate_status {
        CertificateStatus::PendingActivation => settle(facts, row, reported, now),
        CertificateStatus::Active => Ok(settle_again(facts, row, now)),
        _ => {
            let mut effects = reapply(row, reported, now);
            // An operator who ends its use meanwhile does not bring back what it replaced.
            if is_latest(facts, row) {
                effects.extend(retire_others(facts, row, now));
            }
            Ok(effects)
        }
    }
}

fn settle(
    facts: &VehicleFacts,
    row: &ProvisionedVehicle,
    reported: Option<CertificateStatus>,
    now: Timestamp,
) -> Result<Vec<Effect>, AwaitingActivation> {
    // Where an existing deployment wrote the row and nobody was admitted since, the row itself is the admission.
    let must_be_admitted = row.admitted_at.is_some() || facts.admitted().is_some();
    let is_admitted = facts.admitted() == Some(&row.certificate_id)
        && facts.authorized.as_ref().is_some_and(|authorized| authorized.allow_provisioning);
    if must_be_admitted && !is_admitted {
        // Nobody can connect with it yet, and its vehicle, which has no other, may be admitted with it again.
        if can_be_admitted_again(row) && reported != Some(CertificateStatus::Active) {
            return Ok(Vec::new());
        }
        return Ok(retire(row, RetirementCause::Superseded, now));
    }
    if reported != Some(CertificateStatus::Active) {
        return Err(AwaitingActivation);
    }
    let registration = Registration {
        vin: row.vin.clone(),
        certificate_id: row.certificate_id.clone(),
        must_be_admitted,
        was_expected: facts.is_expected(),
        at: now,
    };
    let mut effects = vec![Effect::RecordRegistered(registration)];
    effects.extend(retire_others(facts, row, now));
    Ok(effects)
}

/// The row is active already: a repeated event, or another change of the thing.
fn settle_again(facts: &VehicleFacts, row: &ProvisionedVehicle, now: Timestamp) -> Vec<Effect> {
    match latest_registered(facts) {
        Some(latest) if latest.certificate_id == row.certificate_id => retire_others(facts, row, now),
        // Whatever became of the newer certificate since, a hold say, does not bring this one back.
        Some(_) => retire(row, RetirementCause::Replaced, now),
        None => Vec::new(),
    }
}

/// The certificate that was registered last, in use or not. Nobody knows which it was among rows that only an existing
/// deployment wrote.
fn latest_registered(facts: &VehicleFacts) -> Option<&ProvisionedVehicle> {
    facts.provisioned.iter().filter(|row| row.registered_at.is_some()).max_by_key(|row| row.registered_at)
}

fn is_latest(facts: &VehicleFacts, row: &ProvisionedVehicle) -> bool {
    latest_registered(facts).is_some_and(|latest| latest.certificate_id == row.certificate_id)
}

/// The row says that the certificate is out of use. If AWS IoT disagrees, a registration overtook whoever ended it; if it
/// was to leave and did not get to the end, it leaves now.
fn reapply(row: &ProvisionedVehicle, reported: Option<CertificateStatus>, now: Timestamp) -> Vec<Effect> {
    let is_active = reported == Some(CertificateStatus::Active);
    match row.certificate_status {
        CertificateStatus::Revoked if is_active => vec![Effect::RevokeCertificate(row.certificate_id.clone())],
        CertificateStatus::Inactive if is_held(row) && is_active => {
            vec![Effect::DeactivateCertificate(row.certificate_id.clone())]
        }
        CertificateStatus::Inactive if is_held(row) || row.retirement.is_none() => Vec::new(),
        CertificateStatus::Inactive => retire(row, RetirementCause::Superseded, now),
        // The row has told why it ended already.
        CertificateStatus::Deleted if is_active => vec![
            Effect::DeactivateCertificate(row.certificate_id.clone()),
            Effect::DetachCertificate(row.certificate_id.clone()),
            Effect::DeleteCertificate(row.certificate_id.clone()),
        ],
        _ => Vec::new(),
    }
}

/// Every other certificate leaves, but one that was admitted since and may still be registered.
fn retire_others(facts: &VehicleFacts, current: &ProvisionedVehicle, now: Timestamp) -> Vec<Effect> {
    facts
        .provisioned
        .iter()
        .filter(|row| row.certificate_id != current.certificate_id)
        .flat_map(|row| match row.certificate_status {
            CertificateStatus::Active | CertificateStatus::Inactive => retire(row, RetirementCause::Replaced, now),
            CertificateStatus::PendingActivation if facts.admitted() == Some(&row.certificate_id) => Vec::new(),
            CertificateStatus::PendingActivation => retire(row, RetirementCause::Superseded, now),
            CertificateStatus::Revoked | CertificateStatus::Deleted => Vec::new(),
        })
        .collect()
}
