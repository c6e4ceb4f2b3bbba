//! ProvisionedVehicles: which certificates were issued to which vehicle.

use shared::{
    CertificateId, CertificateStatus, ProvisionedVehicle, Retirement, RetirementCause, ThingName, Timestamp, Vin,
};

use super::row::{self, UnreadableItem};
use crate::dynamodb::{AttributeValue, Item};

/// The partition key, and the sort key of both indexes.
pub const VIN: &str = "vin";
/// The sort key.
pub const CERTIFICATE_ID: &str = "certificate_id";
/// The partition key of [`STATUS_INDEX`].
pub const CERTIFICATE_STATUS: &str = "certificate_status";
/// The partition key of [`CLAIM_INDEX`].
pub const CLAIM_CERTIFICATE_ID: &str = "claim_certificate_id";
pub(crate) const MAKE: &str = "make";
pub(crate) const MODEL: &str = "model";
pub(crate) const YEAR: &str = "year";
pub(crate) const REGION: &str = "region";
pub(crate) const THING_NAME: &str = "thing_name";
pub(crate) const HAS_VEHICLE_CONNECTED_ONCE: &str = "has_vehicle_connected_once";
pub(crate) const FIRST_CONNECTED_AT: &str = "first_connected_at";
/// The authority that signed the certificate.
pub const AUTHORITY_CERTIFICATE_ID: &str = "authority_certificate_id";
pub(crate) const ISSUED_BY: &str = "issued_by";
pub(crate) const CLIENT_ID: &str = "client_id";
pub(crate) const ADMITTED_AT: &str = "admitted_at";
pub(crate) const REGISTERED_AT: &str = "registered_at";
pub(crate) const RETIREMENT: &str = "retirement";

const RETIREMENT_CAUSE: &str = "cause";
const RETIREMENT_AT: &str = "at";
const RETIREMENT_BY: &str = "by";
const RETIREMENT_REASON: &str = "reason";

/// The index by status and VIN.
pub const STATUS_INDEX: &str = "status-vin-index";
/// The index by claim certificate and VIN.
pub const CLAIM_INDEX: &str = "claim-vin-index";

/// The condition under which a row is still that of an admission at `:since` of which nothing came.
pub(crate) const PENDING_SINCE: &str = "certificate_status = :pending AND admitted_at = :since";

/// The key of one certificate's row.
pub fn key(vin: &Vin, certificate_id: &CertificateId) -> Item {
    Item::from([(VIN.to_owned(), vin.as_str().into()), (CERTIFICATE_ID.to_owned(), certificate_id.as_str().into())])
}

/// Reads a row, also one that another tool wrote. A row without its status or its certificate id is unreadable.
pub fn from_item(item: &Item) -> Result<ProvisionedVehicle, UnreadableItem> {
    let vin = row::vin(item, VIN)?;
    let unreadable = |problem: &str| UnreadableItem { row: vin.to_string(), problem: problem.to_owned() };
    let certificate_id = row::certificate_id(item, CERTIFICATE_ID).ok_or_else(|| {
        unreadable("Its certificate_id is no certificate id: no certificate stands behind it, the row can be deleted.")
    })?;
    let certificate_status =
        row::text(item, CERTIFICATE_STATUS).and_then(CertificateStatus::from_word).ok_or_else(|| {
            unreadable(
                "Its certificate_status is missing or unknown: the row was never written whole and can be deleted.",
            )
        })?;
    Ok(ProvisionedVehicle {
        certificate_id,
        make: row::owned_text(item, MAKE),
        model: row::owned_text(item, MODEL),
        year: row::text_or_number(item, YEAR),
        region: row::owned_text(item, REGION),
        certificate_status,
        has_connected_once: item.get(HAS_VEHICLE_CONNECTED_ONCE).and_then(AttributeValue::as_bool).unwrap_or(false),
        first_connected_at: row::time(item, FIRST_CONNECTED_AT),
        claim_certificate_id: row::claim_certificate_id(item, CLAIM_CERTIFICATE_ID),
        authority_id: row::authority_id(item, AUTHORITY_CERTIFICATE_ID),
        issued_by: row::owned_text(item, ISSUED_BY),
        client_id: row::owned_text(item, CLIENT_ID),
        admitted_at: row::time(item, ADMITTED_AT),
        registered_at: row::time(item, REGISTERED_AT),
        retirement: item.get(RETIREMENT).and_then(AttributeValue::as_map).and_then(retirement_from_map),
        vin,
    })
}

/// Writes a new row with all attributes of an existing deployment and ours.
pub(crate) fn to_item(record: &ProvisionedVehicle) -> Item {
    let mut item = key(&record.vin, &record.certificate_id);
    row::put(&mut item, CERTIFICATE_STATUS, Some(record.certificate_status.as_str()));
    row::put(&mut item, HAS_VEHICLE_CONNECTED_ONCE, Some(record.has_connected_once));
    row::put(&mut item, THING_NAME, Some(ThingName::of(&record.vin).as_str()));
    row::put(&mut item, MAKE, record.make.clone());
    row::put(&mut item, MODEL, record.model.clone());
    row::put(&mut item, YEAR, record.year.clone());
    row::put(&mut item, REGION, record.region.clone());
    row::put(&mut item, CLAIM_CERTIFICATE_ID, record.claim_certificate_id.as_ref().map(|id| id.as_str()));
    row::put(&mut item, AUTHORITY_CERTIFICATE_ID, record.authority_id.as_ref().map(|id| id.as_str()));
    row::put(&mut item, ISSUED_BY, record.issued_by.clone());
    row::put(&mut item, CLIENT_ID, record.client_id.clone().filter(|id| !id.is_empty()));
    row::put(&mut item, ADMITTED_AT, record.admitted_at.map(text));
    row::put(&mut item, REGISTERED_AT, record.registered_at.map(text));
    row::put(&mut item, FIRST_CONNECTED_AT, record.first_connected_at.map(text));
    row::put(&mut item, RETIREMENT, record.retirement.as_ref().map(retirement_to_map));
    item
}

fn text(time: Timestamp) -> String {
    time.to_string()
}

fn retirement_from_map(map: &Item) -> Option<Retirement> {
    Some(Retirement {
        cause: RetirementCause::from_word(row::text(map, RETIREMENT_CAUSE)?)?,
        at: row::time(map, RETIREMENT_AT)?,
        by: row::owned_text(map, RETIREMENT_BY),
        reason: row::owned_text(map, RETIREMENT_REASON),
    })
}

pub(crate) fn retirement_to_map(retirement: &Retirement) -> Item {
    let mut map = Item::from([
        (RETIREMENT_CAUSE.to_owned(), retirement.cause.as_str().into()),
        (RETIREMENT_AT.to_owned(), text(retirement.at).into()),
    ]);
    row::put(&mut map, RETIREMENT_BY, retirement.by.clone());
    row::put(&mut map, RETIREMENT_REASON, retirement.reason.clone());
    map
}
