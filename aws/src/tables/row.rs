//! Reading rows that other tools may have written.

use shared::{AuthorityId, CertificateId, ClaimCertificateId, Timestamp, Vin};

use crate::dynamodb::{AttributeValue, Item};

/// A row that is no record of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{row}: {problem}")]
pub struct UnreadableItem {
    /// The row's key, as far as it can be read.
    pub row: String,
    /// What is wrong, and what to do.
    pub problem: String,
}

pub(super) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name).and_then(AttributeValue::as_text).filter(|text| !text.is_empty())
}

pub(super) fn owned_text(item: &Item, name: &str) -> Option<String> {
    text(item, name).map(str::to_owned)
}

/// A number of a year is as good as its text.
pub(super) fn text_or_number(item: &Item, name: &str) -> Option<String> {
    owned_text(item, name).or_else(|| match item.get(name) {
        Some(AttributeValue::Other(value)) => value.get("N").and_then(|number| number.as_str()).map(str::to_owned),
        _ => None,
    })
}

pub(super) fn time(item: &Item, name: &str) -> Option<Timestamp> {
    text(item, name)?.parse().ok()
}

pub(super) fn certificate_id(item: &Item, name: &str) -> Option<CertificateId> {
    text(item, name)?.to_owned().try_into().ok()
}

pub(super) fn claim_certificate_id(item: &Item, name: &str) -> Option<ClaimCertificateId> {
    certificate_id(item, name).map(ClaimCertificateId)
}

pub(super) fn authority_id(item: &Item, name: &str) -> Option<AuthorityId> {
    certificate_id(item, name).map(AuthorityId)
}

pub(super) fn vin(item: &Item, name: &str) -> Result<Vin, UnreadableItem> {
    let key = text(item, name).unwrap_or("(no vin)");
    Vin::try_from(key.to_owned()).map_err(|problem| UnreadableItem {
        row: key.to_owned(),
        problem: format!("{problem} Vehicles are looked up in upper case: correct or delete this row."),
    })
}

/// Puts an attribute where there is something to put.
pub(super) fn put(item: &mut Item, name: &str, value: Option<impl Into<AttributeValue>>) {
    if let Some(value) = value {
        item.insert(name.to_owned(), value.into());
    }
}
