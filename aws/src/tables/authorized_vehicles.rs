//! AuthorizedVehicles: which VINs may be provisioned.

use shared::{AuthorizedVehicle, ReprovisionTicket, Vin};

use super::row::{self, UnreadableItem};
use crate::dynamodb::{AttributeValue, Item};

/// The partition key.
pub const VIN: &str = "vin";
pub(crate) const MAKE: &str = "make";
pub(crate) const MODEL: &str = "model";
pub(crate) const YEAR: &str = "year";
pub(crate) const ALLOW_PROVISIONING: &str = "allow_provisioning";
/// Which partition of [`SHARD_INDEX`] the row is in. Rows of other tools get it from the stream of the table.
pub const VIN_SHARD: &str = "vin_shard";
pub(crate) const ADMITTED_CERTIFICATE_ID: &str = "admitted_certificate_id";
pub(crate) const TICKET: &str = "reprovision_ticket";
pub(crate) const DOOR_CLOSED_AT: &str = "door_closed_at";
pub(crate) const AUTHORIZED_BY: &str = "authorized_by";
pub(crate) const AUTHORIZED_AT: &str = "authorized_at";

/// The partition key of [`EXPECTED_CLAIM_INDEX`]: the claim certificate that the vehicle is expected with, until it has come.
pub const EXPECTED_CLAIM_CERTIFICATE_ID: &str = "expected_claim_certificate_id";

pub(crate) const TICKET_OPENED_AT: &str = "opened_at";
pub(crate) const TICKET_OPENED_BY: &str = "opened_by";
pub(crate) const TICKET_REASON: &str = "reason";
pub(crate) const TICKET_ENDS_AT: &str = "ends_at";
pub(crate) const TICKET_USED_BY: &str = "used_by";

/// The index by shard and VIN.
pub const SHARD_INDEX: &str = "vin-shard-index";

/// The index of the vehicles that are still expected, by claim certificate and VIN. It holds their keys alone.
pub const EXPECTED_CLAIM_INDEX: &str = "expected-claim-index";

/// The key of a vehicle's row.
pub fn key(vin: &Vin) -> Item {
    Item::from([(VIN.to_owned(), vin.as_str().into())])
}

/// What a row satisfies whose vehicle may come, has not, and is expected with no claim in particular. `:true` is to be named.
pub(crate) fn awaited_with_any_claim() -> String {
    format!(
        "attribute_not_exists({EXPECTED_CLAIM_CERTIFICATE_ID}) AND attribute_not_exists({ADMITTED_CERTIFICATE_ID}) \
         AND {ALLOW_PROVISIONING} = :true"
    )
}

/// Reads a row, also one that another tool wrote or left half empty. Without `allow_provisioning` the door is closed.
pub fn from_item(item: &Item) -> Result<AuthorizedVehicle, UnreadableItem> {
    Ok(AuthorizedVehicle {
        vin: row::vin(item, VIN)?,
        make: row::owned_text(item, MAKE),
        model: row::owned_text(item, MODEL),
        year: row::text_or_number(item, YEAR),
        allow_provisioning: item.get(ALLOW_PROVISIONING).and_then(AttributeValue::as_bool).unwrap_or(false),
        admitted_certificate_id: row::certificate_id(item, ADMITTED_CERTIFICATE_ID),
        ticket: item.get(TICKET).and_then(AttributeValue::as_map).and_then(ticket_from_map),
        authorized_by: row::owned_text(item, AUTHORIZED_BY),
        expected_claim_certificate_id: row::claim_certificate_id(item, EXPECTED_CLAIM_CERTIFICATE_ID),
    })
}

fn ticket_from_map(map: &Item) -> Option<ReprovisionTicket> {
    Some(ReprovisionTicket {
        opened_at: row::time(map, TICKET_OPENED_AT)?,
        opened_by: row::owned_text(map, TICKET_OPENED_BY)?,
        reason: row::owned_text(map, TICKET_REASON)?,
        ends_at: row::time(map, TICKET_ENDS_AT)?,
        used_by: row::certificate_id(map, TICKET_USED_BY),
    })
}

pub(crate) fn ticket_to_map(ticket: &ReprovisionTicket) -> Item {
    let mut map = Item::from([
        (TICKET_OPENED_AT.to_owned(), ticket.opened_at.to_string().into()),
        (TICKET_OPENED_BY.to_owned(), ticket.opened_by.clone().into()),
        (TICKET_REASON.to_owned(), ticket.reason.clone().into()),
        (TICKET_ENDS_AT.to_owned(), ticket.ends_at.to_string().into()),
    ]);
    row::put(&mut map, TICKET_USED_BY, ticket.used_by.as_ref().map(|id| id.as_str()));
    map
}
