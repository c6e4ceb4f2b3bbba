use shared::{ReprovisionTicket, Vin};

use crate::dynamodb::{Update, update_item};
use crate::tables::TableNames;
use crate::tables::authorized_vehicles::{ALLOW_PROVISIONING, TICKET, VIN, key, ticket_to_map};
use crate::{Aws, AwsError, Transport};

/// Opens the ticket and the door with it. A repeat after a lost answer meets the same ticket and changes nothing.
pub(super) async fn open_ticket<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    vin: &Vin,
    ticket: &ReprovisionTicket,
    in_place_of: Option<&ReprovisionTicket>,
) -> Result<(), AwsError> {
    let update = Update::of(&tables.authorized_vehicles, key(vin))
        .set(format!("SET {TICKET} = :ticket, {ALLOW_PROVISIONING} = :true"))
        .value(":ticket", ticket_to_map(ticket))
        .value(":true", true);
    let update = match in_place_of {
        Some(before) => update
            .when(format!("attribute_exists({VIN}) AND {TICKET} IN (:before, :ticket)"))
            .value(":before", ticket_to_map(before)),
        None => {
            update.when(format!("attribute_exists({VIN}) AND (attribute_not_exists({TICKET}) OR {TICKET} = :ticket)"))
        }
    };
    update_item(aws, &update).await
}
