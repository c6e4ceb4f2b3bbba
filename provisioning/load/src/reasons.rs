//! Why vehicles were denied: what they are told is always the same, the reason is on record.

use std::collections::{BTreeMap, BTreeSet};

use aws::dynamodb::{Item, Query, query};
use aws::tables::provisioning_attempts;
use aws::{Aws, AwsError, NativeTransport};
use shared::{AttemptOutcome, CertificateId, Vin};

/// The denials of these VINs, by reason. They are of this run alone, because its VINs are.
pub(crate) async fn denials(
    aws: &Aws<NativeTransport>,
    table: &str,
    vins: &BTreeSet<Vin>,
) -> Result<BTreeMap<String, u64>, AwsError> {
    let mut reasons = BTreeMap::new();
    for vin in vins {
        for item in partition(aws, table, (provisioning_attempts::VIN, vin.as_str())).await? {
            if let Ok(attempt) = provisioning_attempts::from_item(&item)
                && let AttemptOutcome::Denied(reason) = attempt.outcome
            {
                *reasons.entry(reason.as_str().to_owned()).or_default() += 1;
            }
        }
    }
    Ok(reasons)
}

/// The key of the row that tells for which vehicle a certificate was admitted.
pub(crate) fn admission_key(id: &CertificateId) -> Item {
    provisioning_attempts::admission_key(id)
}

/// Every row of one partition of a table.
pub(crate) async fn partition(
    aws: &Aws<NativeTransport>,
    table: &str,
    partition: (&str, &str),
) -> Result<Vec<Item>, AwsError> {
    let mut items = Vec::new();
    let mut start = None;
    loop {
        let wanted = Query { table, index: None, partition, sort: None, descending: false, limit: None, start };
        let page = query(aws, wanted).await?;
        items.extend(page.items);
        match page.last_evaluated_key {
            Some(key) => start = Some(key),
            None => return Ok(items),
        }
    }
}
