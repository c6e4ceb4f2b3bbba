use aws::dynamodb::{Query, query};
use aws::tables::provisioning_attempts::{CLAIM_CERTIFICATE_ID, CLAIM_INDEX, from_item};
use aws::{AwsError, Transport};
use shared::api::ClaimTries;
use shared::{AttemptOutcome, ClaimCertificateId, DenialReason};

use crate::Deployment;

/// How many of the latest tries are looked at.
const LOOKED_AT: u32 = 500;

/// What became of the latest tries with a claim certificate.
pub(super) async fn tries<T: Transport>(
    deployment: &Deployment<T>,
    id: &ClaimCertificateId,
) -> Result<ClaimTries, AwsError> {
    let page = query(
        &deployment.aws,
        Query {
            table: &deployment.tables.provisioning_attempts,
            index: Some(CLAIM_INDEX),
            partition: (CLAIM_CERTIFICATE_ID, id.as_str()),
            sort: None,
            descending: true,
            limit: Some(LOOKED_AT),
            start: None,
        },
    )
    .await?;
    let attempts: Vec<_> = page.items.iter().filter_map(|item| from_item(item).ok()).collect();
    let count = |outcome| attempts.iter().filter(|attempt| attempt.outcome == outcome).count() as u32;
    let mut denied: Vec<(DenialReason, u32)> = DenialReason::ALL
        .into_iter()
        .map(|reason| (reason, count(AttemptOutcome::Denied(reason))))
        .filter(|(_, number)| *number > 0)
        .collect();
    denied.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    Ok(ClaimTries {
        allowed: count(AttemptOutcome::Allowed),
        denied,
        since: attempts.last().map(|attempt| attempt.at),
        or_more: page.last_evaluated_key.is_some(),
    })
}
