//! ClaimCertificates: what each claim certificate is for and what has become of it. A row for every certificate ever used, a
//! few a year: the table is read as a whole.

use shared::{ClaimCertificateId, ClaimName, ClaimRecord, ClaimState};

use super::row::{self, UnreadableItem};
use crate::dynamodb::Item;

/// The partition key.
pub const CLAIM_CERTIFICATE_ID: &str = "claim_certificate_id";
pub(crate) const NAME: &str = "claim_name";
pub(crate) const SECRET_ID: &str = "secret_id";
pub(crate) const STATE: &str = "claim_state";
pub(crate) const CREATED_AT: &str = "created_at";
pub(crate) const CREATED_BY: &str = "created_by";
pub(crate) const RETIRING_SINCE: &str = "retiring_since";
pub(crate) const RETIRE_AT: &str = "retire_at";
pub(crate) const EXPECTED_AT_RETIREMENT: &str = "expected_at_retirement";
pub(crate) const REPLACED_BY: &str = "replaced_by";
pub(crate) const ENDED_AT: &str = "ended_at";
pub(crate) const ENDED_BY: &str = "ended_by";
pub(crate) const REASON: &str = "reason";

/// The key of a claim certificate's row.
pub fn key(id: &ClaimCertificateId) -> Item {
    Item::from([(CLAIM_CERTIFICATE_ID.to_owned(), id.as_str().into())])
}

/// Reads a row.
pub fn from_item(item: &Item) -> Result<ClaimRecord, UnreadableItem> {
    let key = || row::text(item, CLAIM_CERTIFICATE_ID).unwrap_or("(no claim_certificate_id)").to_owned();
    let unreadable = |attribute: &str| UnreadableItem {
        row: key(),
        problem: format!("Its {attribute} is missing or unknown: a newer version may have written it."),
    };
    Ok(ClaimRecord {
        id: row::claim_certificate_id(item, CLAIM_CERTIFICATE_ID).ok_or_else(|| unreadable(CLAIM_CERTIFICATE_ID))?,
        name: row::owned_text(item, NAME)
            .and_then(|name| ClaimName::try_from(name).ok())
            .ok_or_else(|| unreadable(NAME))?,
        // Of one that was found in use nobody may know where its key is.
        secret_id: row::owned_text(item, SECRET_ID).unwrap_or_default(),
        state: row::text(item, STATE).and_then(ClaimState::from_word).ok_or_else(|| unreadable(STATE))?,
        created_at: row::time(item, CREATED_AT).ok_or_else(|| unreadable(CREATED_AT))?,
        created_by: row::owned_text(item, CREATED_BY).unwrap_or_default(),
        retiring_since: row::time(item, RETIRING_SINCE),
        retire_at: row::time(item, RETIRE_AT),
        expected_at_retirement: row::text(item, EXPECTED_AT_RETIREMENT).and_then(|number| number.parse().ok()),
        replaced_by: row::claim_certificate_id(item, REPLACED_BY),
        ended_at: row::time(item, ENDED_AT),
        ended_by: row::owned_text(item, ENDED_BY),
        reason: row::owned_text(item, REASON),
    })
}

pub(crate) fn to_item(record: &ClaimRecord) -> Item {
    let mut item = key(&record.id);
    row::put(&mut item, NAME, Some(record.name.as_str()));
    row::put(&mut item, SECRET_ID, Some(record.secret_id.as_str()).filter(|secret| !secret.is_empty()));
    row::put(&mut item, STATE, Some(record.state.as_str()));
    row::put(&mut item, CREATED_AT, Some(record.created_at.to_string()));
    row::put(&mut item, CREATED_BY, Some(record.created_by.as_str()));
    row::put(&mut item, RETIRING_SINCE, record.retiring_since.map(|time| time.to_string()));
    row::put(&mut item, RETIRE_AT, record.retire_at.map(|time| time.to_string()));
    row::put(&mut item, EXPECTED_AT_RETIREMENT, record.expected_at_retirement.map(|number| number.to_string()));
    row::put(&mut item, REPLACED_BY, record.replaced_by.as_ref().map(ClaimCertificateId::as_str));
    row::put(&mut item, ENDED_AT, record.ended_at.map(|time| time.to_string()));
    row::put(&mut item, ENDED_BY, record.ended_by.clone());
    row::put(&mut item, REASON, record.reason.clone());
    item
}
