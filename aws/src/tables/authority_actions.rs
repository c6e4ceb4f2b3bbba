//! OperatorActions: what operators did to authorities. Their partition is the authority's id, which no VIN looks like.

use shared::{AuthorityId, AuthorityRecord};

use super::row;
use crate::dynamodb::Item;

/// The partition key.
pub const PARTITION: &str = "vin";
/// The sort key.
const PLACE: &str = "receipt_id";
const AT: &str = "began_at";
const OPERATOR: &str = "operator";
const WHAT: &str = "operator_action";
const REASON: &str = "reason";

/// Reads a row; `None` for one that is no whole record.
pub fn from_item(item: &Item) -> Option<AuthorityRecord> {
    Some(AuthorityRecord {
        authority_id: AuthorityId(row::certificate_id(item, PARTITION)?),
        at: row::time(item, AT)?,
        operator: row::owned_text(item, OPERATOR)?,
        what: row::owned_text(item, WHAT)?,
        reason: row::owned_text(item, REASON)?,
    })
}

pub(crate) fn to_item(record: &AuthorityRecord) -> Item {
    let mut item = Item::new();
    row::put(&mut item, PARTITION, Some(record.authority_id.as_str()));
    // All nine digits, so that the order of the texts is the order of the times.
    row::put(&mut item, PLACE, Some(format!("{:.9}#{}", record.at, record.what)));
    row::put(&mut item, AT, Some(record.at.to_string()));
    row::put(&mut item, OPERATOR, Some(record.operator.as_str()));
    row::put(&mut item, WHAT, Some(record.what.as_str()));
    row::put(&mut item, REASON, Some(record.reason.as_str()));
    item
}
