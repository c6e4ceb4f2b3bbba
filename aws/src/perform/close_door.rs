use provisioning_rules::DoorClosure;

use crate::dynamodb::{Update, update_item};
use crate::tables::TableNames;
use crate::tables::authorized_vehicles::{
    ADMITTED_CERTIFICATE_ID, ALLOW_PROVISIONING, TICKET, TICKET_ENDS_AT, VIN, key,
};
use crate::{Aws, AwsError, Transport};

pub(super) async fn close_door<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    closure: &DoorClosure,
) -> Result<(), AwsError> {
    let mut changes = format!("SET {ALLOW_PROVISIONING} = :false, {ADMITTED_CERTIFICATE_ID} = :settled");
    let mut condition = format!("attribute_exists({VIN})");
    let mut update = Update::of(&tables.authorized_vehicles, key(&closure.vin))
        .value(":false", false)
        .value(":settled", closure.settled_on.as_str());
    if let Some(ends_at) = closure.ticket_ends_at {
        changes.push_str(&format!(", {TICKET}.{TICKET_ENDS_AT} = :ends_at"));
        condition.push_str(&format!(" AND attribute_exists({TICKET})"));
        update = update.value(":ends_at", ends_at.to_string());
    }
    update_item(aws, &update.set(changes).when(condition)).await
}
