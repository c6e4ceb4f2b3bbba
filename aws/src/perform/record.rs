use provisioning_rules::{Registration, StatusRecord};
use shared::{CertificateId, CertificateStatus, ProvisioningAttempt, Timestamp, Vin};

use crate::dynamodb::{CONDITION_FAILED, Update, Write, put_item, transact_write_items, update_item};
use crate::tables::{TableNames, authorized_vehicles, provisioned_vehicles, provisioning_attempts};
use crate::{Aws, AwsError, Transport};

use provisioned_vehicles::{
    CERTIFICATE_STATUS, FIRST_CONNECTED_AT, HAS_VEHICLE_CONNECTED_ONCE, REGISTERED_AT, RETIREMENT, VIN,
};

/// An attempt is written once. Meeting itself after a lost answer is success: its id names its time and certificate.
pub(super) async fn attempt<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    attempt: &ProvisioningAttempt,
) -> Result<(), AwsError> {
    let item = provisioning_attempts::to_item(attempt);
    match put_item(aws, &tables.provisioning_attempts, item, Some("attribute_not_exists(vin)")).await {
        Err(error) if error.code() == Some(CONDITION_FAILED) => Ok(()),
        result => result,
    }
}

pub(super) async fn registered<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    registration: &Registration,
) -> Result<(), AwsError> {
    let Registration { vin, certificate_id, must_be_admitted, was_expected, at } = registration;
    let mut writes = vec![Write::Update(
        Update::of(&tables.provisioned_vehicles, provisioned_vehicles::key(vin, certificate_id))
            .set(format!("SET {CERTIFICATE_STATUS} = :active, {REGISTERED_AT} = if_not_exists({REGISTERED_AT}, :at)"))
            .when(format!("{CERTIFICATE_STATUS} IN (:pending, :active)"))
            .value(":active", CertificateStatus::Active.as_str())
            .value(":pending", CertificateStatus::PendingActivation.as_str())
            .value(":at", at.to_string()),
    )];
    use authorized_vehicles::{ADMITTED_CERTIFICATE_ID, ALLOW_PROVISIONING, EXPECTED_CLAIM_CERTIFICATE_ID, key};
    let authorization = Update::of(&tables.authorized_vehicles, key(vin));
    let authorization = if *must_be_admitted {
        authorization
            .when(format!("{ADMITTED_CERTIFICATE_ID} = :admitted AND {ALLOW_PROVISIONING} = :true"))
            .value(":admitted", certificate_id.as_str())
            .value(":true", true)
    } else {
        let there = if *was_expected { format!(" AND attribute_exists({VIN})") } else { String::new() };
        authorization.when(format!("attribute_not_exists({ADMITTED_CERTIFICATE_ID}){there}"))
    };
    // The vehicle has come: nobody waits for it any more. Where nobody did, the row may not be there, and stays away.
    writes.push(if *was_expected {
        Write::Update(authorization.set(format!("REMOVE {EXPECTED_CLAIM_CERTIFICATE_ID}")))
    } else {
        Write::ConditionCheck(authorization)
    });
    transact_write_items(aws, &writes).await
}

pub(super) async fn connected<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    vin: &Vin,
    certificate_id: &CertificateId,
    at: Timestamp,
) -> Result<(), AwsError> {
    let update = Update::of(&tables.provisioned_vehicles, provisioned_vehicles::key(vin, certificate_id))
        .set(format!(
            "SET {HAS_VEHICLE_CONNECTED_ONCE} = :true, {FIRST_CONNECTED_AT} = if_not_exists({FIRST_CONNECTED_AT}, :at)"
        ))
        .when(format!("attribute_exists({VIN})"))
        .value(":true", true)
        .value(":at", at.to_string());
    update_item(aws, &update).await
}

pub(super) async fn status<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    record: &StatusRecord,
) -> Result<(), AwsError> {
    // What was revoked and why stays known when it is deleted.
    let after_revoked = match (record.status, &record.retirement) {
        (CertificateStatus::Deleted, Some(_)) => {
            format!(" OR ({CERTIFICATE_STATUS} = :revoked AND {RETIREMENT} = :retirement)")
        }
        _ => String::new(),
    };
    let update =
        Update::of(&tables.provisioned_vehicles, provisioned_vehicles::key(&record.vin, &record.certificate_id))
            .when(format!(
                "attribute_exists({VIN}) AND ({CERTIFICATE_STATUS} = :status \
                 OR NOT {CERTIFICATE_STATUS} IN (:revoked, :deleted){after_revoked})"
            ))
            .value(":revoked", CertificateStatus::Revoked.as_str())
            .value(":deleted", CertificateStatus::Deleted.as_str())
            .value(":status", record.status.as_str());
    let update = match record.pending_since {
        Some(since) => {
            let condition = format!("{} AND {}", update.condition_expression, provisioned_vehicles::PENDING_SINCE);
            update
                .when(condition)
                .value(":pending", CertificateStatus::PendingActivation.as_str())
                .value(":since", since.to_string())
        }
        None => update,
    };
    let update = match &record.retirement {
        Some(retirement) => update
            .set(format!("SET {CERTIFICATE_STATUS} = :status, {RETIREMENT} = :retirement"))
            .value(":retirement", provisioned_vehicles::retirement_to_map(retirement)),
        None => update.set(format!("SET {CERTIFICATE_STATUS} = :status REMOVE {RETIREMENT}")),
    };
    update_item(aws, &update).await
}
