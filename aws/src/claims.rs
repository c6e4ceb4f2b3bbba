//! Reading what is known of claim certificates.

use futures::future::try_join_all;
use shared::{ClaimCertificateId, ClaimRecord, ClaimState, Count};

use crate::dynamodb::{AttributeValue, Counting, count, get_item, scan_small_table};
use crate::tables::{
    SHARDS, TableNames, UnreadableItem, authorized_vehicles, claim_certificates, provisioned_vehicles,
};
use crate::{Aws, AwsError, Transport};

/// Every claim certificate on record, read consistently, and the rows that could not be read.
pub async fn claim_records<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
) -> Result<(Vec<ClaimRecord>, Vec<UnreadableItem>), AwsError> {
    let mut unreadable = Vec::new();
    let items = scan_small_table(aws, &tables.claim_certificates).await?;
    let read = |item| claim_certificates::from_item(item).map_err(|row| unreadable.push(row)).ok();
    let rows = items.iter().filter_map(read).collect();
    Ok((rows, unreadable))
}

/// What has become of one claim certificate, read consistently; `None` where it is not on record.
pub async fn claim_state<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    id: &ClaimCertificateId,
) -> Result<Option<ClaimState>, AwsError> {
    let item = get_item(aws, &tables.claim_certificates, claim_certificates::key(id)).await?;
    let state = item.as_ref().and_then(|item| item.get(claim_certificates::STATE));
    Ok(state.and_then(AttributeValue::as_text).and_then(ClaimState::from_word))
}

/// How many vehicles are still expected with a claim certificate, counted up to `limit`; `None` where the table has no index
/// to tell.
pub async fn count_expected<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    id: &ClaimCertificateId,
    limit: u32,
) -> Result<Option<Count>, AwsError> {
    let counting = Counting {
        table: &tables.authorized_vehicles,
        index: authorized_vehicles::EXPECTED_CLAIM_INDEX,
        partition: (authorized_vehicles::EXPECTED_CLAIM_CERTIFICATE_ID, id.as_str()),
        filter: None,
    };
    unless_without_index(count(aws, &counting, limit).await)
}

/// How many vehicles that may be provisioned have not come and are expected with no claim in particular, looking at no more
/// than `limit` authorizations in each part of the index; `None` where the table has no index to tell.
pub async fn count_expected_with_any<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    limit: u32,
) -> Result<Option<Count>, AwsError> {
    let filter = authorized_vehicles::awaited_with_any_claim();
    let values = [(":true", AttributeValue::from(true))];
    let shards: Vec<String> = (0..SHARDS).map(|shard| shard.to_string()).collect();
    let counted = try_join_all(shards.iter().map(|shard| {
        let counting = Counting {
            table: &tables.authorized_vehicles,
            index: authorized_vehicles::SHARD_INDEX,
            partition: (authorized_vehicles::VIN_SHARD, shard),
            filter: Some((&filter, &values)),
        };
        async move { count(aws, &counting, limit).await }
    }))
    .await;
    let sum = |counted: Vec<Count>| Count {
        number: counted.iter().map(|count| count.number).sum(),
        or_more: counted.iter().any(|count| count.or_more),
    };
    unless_without_index(counted.map(sum))
}

/// How many certificates a claim certificate admitted, counted up to `limit`; `None` where the table has no index to tell.
pub async fn count_admitted<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    id: &ClaimCertificateId,
    limit: u32,
) -> Result<Option<Count>, AwsError> {
    let counting = Counting {
        table: &tables.provisioned_vehicles,
        index: provisioned_vehicles::CLAIM_INDEX,
        partition: (provisioned_vehicles::CLAIM_CERTIFICATE_ID, id.as_str()),
        filter: None,
    };
    unless_without_index(count(aws, &counting, limit).await)
}

/// DynamoDB answers a query of an index that does not exist so.
fn unless_without_index(result: Result<Count, AwsError>) -> Result<Option<Count>, AwsError> {
    match result {
        Err(error) if matches!(error.code(), Some("ValidationException" | "ResourceNotFoundException")) => Ok(None),
        result => result.map(Some),
    }
}
