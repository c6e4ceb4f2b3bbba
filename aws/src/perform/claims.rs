use provisioning_rules::{ClaimEnd, ClaimSuccession, SecretText};
use shared::{ClaimCertificateId, ClaimRecord, ClaimState};

use crate::dynamodb::{CONDITION_FAILED, Update, Write, put_item, transact_write_items, update_item};
use crate::iot::register_certificate_without_ca;
use crate::secrets_manager::{give_up_pending_version, put_pending_version};
use crate::tables::TableNames;
use crate::tables::claim_certificates::{
    ENDED_AT, ENDED_BY, EXPECTED_AT_RETIREMENT, REASON, REPLACED_BY, RETIRE_AT, RETIRING_SINCE, STATE, key, to_item,
};
use crate::{Aws, AwsError, Transport};

/// A version that has a text keeps it: whoever came first made this rotation's certificate.
pub(super) async fn keep_secret<T: Transport>(
    aws: &Aws<T>,
    secret_id: &str,
    version: &str,
    text: &SecretText,
) -> Result<(), AwsError> {
    match put_pending_version(aws, secret_id, version, text.reveal()).await {
        Err(error) if error.code() == Some("ResourceExistsException") => Ok(()),
        result => result,
    }
}

/// A version that is not under rotation needs no change.
pub(super) async fn give_up_secret<T: Transport>(aws: &Aws<T>, secret_id: &str, version: &str) -> Result<(), AwsError> {
    match give_up_pending_version(aws, secret_id, version).await {
        Err(error) if error.code() == Some("InvalidParameterException") => Ok(()),
        result => result,
    }
}

/// Changes nothing, and is a conflict where the use of a claim certificate has ended.
pub(super) async fn still_in_use<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    id: &ClaimCertificateId,
) -> Result<(), AwsError> {
    let update = Update::of(&tables.claim_certificates, key(id))
        .set(format!("SET {STATE} = {STATE}"))
        .when(format!("{STATE} IN (:current, :preparing)"))
        .value(":current", ClaimState::Current.as_str())
        .value(":preparing", ClaimState::Preparing.as_str());
    update_item(aws, &update).await
}

/// A certificate that is on record keeps its record.
pub(super) async fn record<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    record: &ClaimRecord,
) -> Result<(), AwsError> {
    let condition = "attribute_not_exists(claim_certificate_id)";
    match put_item(aws, &tables.claim_certificates, to_item(record), Some(condition)).await {
        Err(error) if error.code() == Some(CONDITION_FAILED) => Ok(()),
        result => result,
    }
}

/// One that is registered stays as it is.
pub(super) async fn register<T: Transport>(aws: &Aws<T>, certificate_pem: &str) -> Result<(), AwsError> {
    match register_certificate_without_ca(aws, certificate_pem).await {
        Err(error) if error.code() == Some("ResourceAlreadyExistsException") => Ok(()),
        result => result,
    }
}

/// Both rows together, so that a name has one current certificate at every moment.
pub(super) async fn record_succession<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    succession: &ClaimSuccession,
) -> Result<(), AwsError> {
    let current = Update::of(&tables.claim_certificates, key(&succession.current))
        .set(format!("SET {STATE} = :current"))
        .when(format!("{STATE} IN (:current, :preparing)"))
        .value(":current", ClaimState::Current.as_str())
        .value(":preparing", ClaimState::Preparing.as_str());
    let mut writes = vec![Write::Update(current)];
    writes.extend(succession.replaced.iter().map(|(id, expected)| {
        Write::Update(
            Update::of(&tables.claim_certificates, key(id))
                .set(format!(
                    "SET {STATE} = :retiring, {RETIRING_SINCE} = :at, {RETIRE_AT} = :end, \
                     {EXPECTED_AT_RETIREMENT} = :expected, {REPLACED_BY} = :by"
                ))
                // The one that plants have may not be recorded as current yet.
                .when(format!("{STATE} IN (:current, :preparing)"))
                .value(":preparing", ClaimState::Preparing.as_str())
                .value(":retiring", ClaimState::Retiring.as_str())
                .value(":current", ClaimState::Current.as_str())
                .value(":at", succession.at.to_string())
                .value(":end", succession.retire_at.to_string())
                .value(":expected", expected.to_string())
                .value(":by", succession.current.as_str()),
        )
    }));
    transact_write_items(aws, &writes).await
}

/// What was recorded first of an end stays.
pub(super) async fn record_ended<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    end: &ClaimEnd,
) -> Result<(), AwsError> {
    let mut changes = format!(
        "SET {STATE} = :state, {ENDED_AT} = if_not_exists({ENDED_AT}, :at), {REASON} = if_not_exists({REASON}, :reason)"
    );
    if end.by.is_some() {
        changes.push_str(&format!(", {ENDED_BY} = if_not_exists({ENDED_BY}, :by)"));
    }
    let mut update = Update::of(&tables.claim_certificates, key(&end.id))
        .set(changes)
        .when(format!("attribute_exists({STATE}) AND ({STATE} = :state OR NOT {STATE} IN (:retired, :burned))"))
        .value(":state", end.state.as_str())
        .value(":retired", ClaimState::Retired.as_str())
        .value(":burned", ClaimState::Burned.as_str())
        .value(":at", end.at.to_string())
        .value(":reason", end.reason.clone());
    if let Some(by) = &end.by {
        update = update.value(":by", by.clone());
    }
    update_item(aws, &update).await
}
