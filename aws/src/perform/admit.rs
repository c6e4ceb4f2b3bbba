use provisioning_rules::Admission;
use shared::{CertificateStatus, ReprovisionTicket};

use crate::dynamodb::{Update, Write, transact_write_items};
use crate::tables::{TableNames, authorized_vehicles, provisioned_vehicles, provisioning_attempts, shard_of};
use crate::{Aws, AwsError, Transport};

/// The admission, the row and the attempt, together or not at all: whoever else changed what this rests on came first.
pub(super) async fn admit<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    admission: &Admission,
) -> Result<(), AwsError> {
    let mut writes = vec![
        Write::Update(authorization_update(tables, admission)),
        row_put(tables, admission),
        Write::put(
            &tables.provisioning_attempts,
            provisioning_attempts::to_item(&admission.attempt),
            "attribute_not_exists(vin)",
        ),
        marker_put(tables, admission),
    ];
    if let (Some(before), true) = (&admission.in_place_of, admission.previous_never_registered) {
        let key = provisioned_vehicles::key(&admission.row.vin, before);
        writes.push(Write::ConditionCheck(
            Update::of(&tables.provisioned_vehicles, key)
                .when(format!("{} = :pending", provisioned_vehicles::CERTIFICATE_STATUS))
                .value(":pending", CertificateStatus::PendingActivation.as_str()),
        ));
    }
    transact_write_items(aws, &writes).await
}

/// The row takes the place of that of an earlier admission, if there was one and nothing came of it.
fn row_put(tables: &TableNames, admission: &Admission) -> Write {
    let item = provisioned_vehicles::to_item(&admission.row);
    let table = &tables.provisioned_vehicles;
    match admission.admitted_before {
        None => Write::put(table, item, "attribute_not_exists(vin)"),
        Some(before) => Write::put(table, item, provisioned_vehicles::PENDING_SINCE)
            .value(":pending", CertificateStatus::PendingActivation.as_str())
            .value(":since", before.to_string()),
    }
}

/// A certificate that was admitted before keeps the vehicle that it speaks for.
fn marker_put(tables: &TableNames, admission: &Admission) -> Write {
    let vin = &admission.row.vin;
    let item = provisioning_attempts::admission_item(&admission.row.certificate_id, vin);
    let table = &tables.provisioning_attempts;
    match admission.admitted_before {
        None => Write::put(table, item, "attribute_not_exists(vin)"),
        Some(_) => Write::put(table, item, format!("{} = :vin", provisioning_attempts::ADMITTED_VIN))
            .value(":vin", vin.as_str()),
    }
}

fn authorization_update(tables: &TableNames, admission: &Admission) -> Update {
    use authorized_vehicles::{ADMITTED_CERTIFICATE_ID, ALLOW_PROVISIONING, TICKET, VIN_SHARD, key, ticket_to_map};

    let vin = &admission.row.vin;
    let admitted = &admission.row.certificate_id;
    let mut update = Update::of(&tables.authorized_vehicles, key(vin))
        .value(":true", true)
        .value(":admitted", admitted.as_str())
        .value(":shard", shard_of(vin));
    let mut changes = format!("SET {ADMITTED_CERTIFICATE_ID} = :admitted, {VIN_SHARD} = :shard");
    let mut conditions = vec![format!("{ALLOW_PROVISIONING} = :true")];
    match &admission.in_place_of {
        Some(before) => {
            conditions.push(format!("{ADMITTED_CERTIFICATE_ID} = :before"));
            update = update.value(":before", before.as_str());
        }
        None => conditions.push(format!("attribute_not_exists({ADMITTED_CERTIFICATE_ID})")),
    }
    match &admission.ticket {
        Some(ticket) => {
            conditions.push(format!("{TICKET} = :ticket"));
            update = update.value(":ticket", ticket_to_map(ticket));
            if admission.uses_ticket {
                let used = ReprovisionTicket { used_by: Some(admitted.clone()), ..ticket.clone() };
                changes.push_str(&format!(", {TICKET} = :used"));
                update = update.value(":used", ticket_to_map(&used));
            }
        }
        None => conditions.push(format!("attribute_not_exists({TICKET})")),
    }
    update.set(changes).when(conditions.join(" AND "))
}
