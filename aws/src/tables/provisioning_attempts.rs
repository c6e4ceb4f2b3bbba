//! ProvisioningAttempts: who asked to be provisioned, and what became of it. Rows are written once and never changed.

use shared::{AttemptId, AttemptOutcome, CertificateId, ProvisioningAttempt, Vin};

use super::row::{self, UnreadableItem};
use crate::dynamodb::Item;

/// The partition key.
pub const VIN: &str = "vin";
/// The sort key, and that of both indexes.
pub const ATTEMPT_ID: &str = "attempt_id";
/// The partition key of [`OUTCOME_INDEX`].
pub const OUTCOME: &str = "outcome";
/// The partition key of [`CLAIM_INDEX`].
pub const CLAIM_CERTIFICATE_ID: &str = "claim_certificate_id";
const AT: &str = "at";
const PRESENTED_VIN: &str = "presented_vin";
const CERTIFICATE_ID: &str = "certificate_id";
const AUTHORITY_CERTIFICATE_ID: &str = "authority_certificate_id";
const ISSUED_BY: &str = "issued_by";
const REASON: &str = "reason";
const CLIENT_ID: &str = "client_id";

/// The partition of the attempts that stand for no VIN. No VIN has a hyphen.
pub const NO_VIN: &str = "-";

/// The index by outcome and time.
pub const OUTCOME_INDEX: &str = "outcome-time-index";
/// The index by claim certificate and time.
pub const CLAIM_INDEX: &str = "claim-time-index";

/// The sort key of the row that tells for which vehicle a certificate was admitted. Its partition is the certificate's id,
/// which no VIN looks like; it has no outcome, so no list shows it.
const ADMISSION: &str = "admission";
pub(crate) const ADMITTED_VIN: &str = "admitted_vin";

/// The key of a certificate's admission.
pub fn admission_key(certificate_id: &CertificateId) -> Item {
    Item::from([(VIN.to_owned(), certificate_id.as_str().into()), (ATTEMPT_ID.to_owned(), ADMISSION.into())])
}

/// The row of a certificate's admission: there is one for ever, so a certificate speaks for one vehicle.
pub(crate) fn admission_item(certificate_id: &CertificateId, vin: &Vin) -> Item {
    let mut item = admission_key(certificate_id);
    row::put(&mut item, ADMITTED_VIN, Some(vin.as_str()));
    item
}

pub(crate) fn admitted_vin(item: &Item) -> Option<Vin> {
    row::vin(item, ADMITTED_VIN).ok()
}

/// Reads a row.
pub fn from_item(item: &Item) -> Result<ProvisioningAttempt, UnreadableItem> {
    let key = || row::text(item, ATTEMPT_ID).unwrap_or("(no attempt_id)").to_owned();
    let unreadable = |problem: &str| UnreadableItem { row: key(), problem: problem.to_owned() };
    Ok(ProvisioningAttempt {
        attempt_id: AttemptId::from_stored(key()),
        at: row::time(item, AT).ok_or_else(|| unreadable("Its time is missing: nothing of ours wrote this row."))?,
        presented_vin: row::owned_text(item, PRESENTED_VIN),
        vin: row::text(item, VIN).and_then(|vin| Vin::try_from(vin.to_owned()).ok()),
        certificate_id: row::certificate_id(item, CERTIFICATE_ID),
        claim_certificate_id: row::claim_certificate_id(item, CLAIM_CERTIFICATE_ID),
        authority_id: row::authority_id(item, AUTHORITY_CERTIFICATE_ID),
        issued_by: row::owned_text(item, ISSUED_BY),
        reason: row::owned_text(item, REASON),
        client_id: row::owned_text(item, CLIENT_ID),
        outcome: row::text(item, OUTCOME)
            .and_then(AttemptOutcome::from_word)
            .ok_or_else(|| unreadable("Its outcome is unknown: a newer version may have written it."))?,
    })
}

pub(crate) fn to_item(attempt: &ProvisioningAttempt) -> Item {
    let mut item = Item::new();
    row::put(&mut item, VIN, Some(attempt.vin.as_ref().map_or(NO_VIN, Vin::as_str)));
    row::put(&mut item, ATTEMPT_ID, Some(attempt.attempt_id.as_str()));
    row::put(&mut item, OUTCOME, Some(attempt.outcome.as_str()));
    row::put(&mut item, AT, Some(attempt.at.to_string()));
    row::put(&mut item, PRESENTED_VIN, attempt.presented_vin.clone());
    row::put(&mut item, CERTIFICATE_ID, attempt.certificate_id.as_ref().map(|id| id.as_str()));
    row::put(&mut item, CLAIM_CERTIFICATE_ID, attempt.claim_certificate_id.as_ref().map(|id| id.as_str()));
    row::put(&mut item, AUTHORITY_CERTIFICATE_ID, attempt.authority_id.as_ref().map(|id| id.as_str()));
    row::put(&mut item, ISSUED_BY, attempt.issued_by.clone());
    row::put(&mut item, REASON, attempt.reason.clone());
    row::put(&mut item, CLIENT_ID, attempt.client_id.clone());
    item
}
