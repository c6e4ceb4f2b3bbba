use provisioning_rules::DoorClosure;
use shared::CertificateStatus;

use crate::dynamodb::{Update, Write, transact_write_items};
use crate::tables::authorized_vehicles::{
    ADMITTED_CERTIFICATE_ID, ALLOW_PROVISIONING, DOOR_CLOSED_AT, TICKET, VIN, key, ticket_to_map,
};
use crate::tables::{TableNames, provisioned_vehicles};
use crate::{Aws, AwsError, Transport};

/// Under the same conditions as an admission, so that of the two whoever comes second looks again.
pub(super) async fn close_door<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    closure: &DoorClosure,
) -> Result<(), AwsError> {
    let mut changes =
        format!("SET {ALLOW_PROVISIONING} = :false, {ADMITTED_CERTIFICATE_ID} = :settled, {DOOR_CLOSED_AT} = :at");
    let mut conditions = vec![format!("attribute_exists({VIN})")];
    let mut update = Update::of(&tables.authorized_vehicles, key(&closure.vin))
        .value(":false", false)
        .value(":settled", closure.settled_on.as_str())
        .value(":at", closure.at.to_string());
    match &closure.in_place_of {
        Some(before) => {
            conditions.push(format!("{ADMITTED_CERTIFICATE_ID} = :before"));
            update = update.value(":before", before.as_str());
        }
        None => conditions.push(format!("attribute_not_exists({ADMITTED_CERTIFICATE_ID})")),
    }
    match &closure.ticket {
        Some(ticket) => {
            conditions.push(format!("{TICKET} = :ticket"));
            update = update.value(":ticket", ticket_to_map(ticket));
        }
        None => conditions.push(format!("attribute_not_exists({TICKET})")),
    }
    if let Some(ended) = closure.ended_ticket() {
        changes.push_str(&format!(", {TICKET} = :ended"));
        update = update.value(":ended", ticket_to_map(&ended));
    }
    let mut writes = vec![Write::Update(update.set(changes).when(conditions.join(" AND ")))];
    if let (Some(before), true) = (&closure.in_place_of, closure.previous_never_registered) {
        writes.push(Write::ConditionCheck(
            Update::of(&tables.provisioned_vehicles, provisioned_vehicles::key(&closure.vin, before))
                .when(format!("{} = :pending", provisioned_vehicles::CERTIFICATE_STATUS))
                .value(":pending", CertificateStatus::PendingActivation.as_str()),
        ));
    }
    transact_write_items(aws, &writes).await
}
