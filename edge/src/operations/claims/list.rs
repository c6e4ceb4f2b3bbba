use std::collections::BTreeMap;

use aws::iot::list_targets_for_policy;
use aws::{Transport, claim_records};
use futures::{StreamExt, TryStreamExt, stream};
use shared::api::{ApiError, ClaimCertificate, ClaimCertificatesPage};
use shared::{CertificateId, ClaimCertificateId, ClaimState};

use super::AT_ONCE;
use super::show::{show_claim, show_ended};
use crate::operations::unreadable;
use crate::{Deployment, Operator, failure};

/// Every claim certificate on record, and every other one that has the claim policy.
pub(crate) async fn list_claims<T: Transport>(
    deployment: &Deployment<T>,
    _operator: &Operator,
) -> Result<ClaimCertificatesPage, ApiError> {
    let (targets, (records, problems)) = futures::try_join!(
        list_targets_for_policy(&deployment.aws, &deployment.claim_policy),
        claim_records(&deployment.aws, &deployment.tables),
    )
    .map_err(failure::of_read)?;
    let mut known: BTreeMap<ClaimCertificateId, _> =
        records.into_iter().map(|record| (record.id.clone(), Some(record))).collect();
    for id in targets.iter().filter_map(|arn| CertificateId::from_principal(arn).ok()) {
        known.entry(ClaimCertificateId(id)).or_insert(None);
    }
    let mut claims: Vec<ClaimCertificate> = stream::iter(known)
        .map(async |(id, record)| match record {
            Some(record) if record.state.has_ended() => Ok(show_ended(id, record)),
            record => show_claim(deployment, id, record).await,
        })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await
        .map_err(failure::of_read)?;
    claims.sort_by_cached_key(place);
    let unreadable = problems.into_iter().map(|row| unreadable("ClaimCertificates", row)).collect();
    Ok(ClaimCertificatesPage { claims, unreadable })
}

/// Those that work first, then by name, the newest first.
fn place(claim: &ClaimCertificate) -> (u8, String, std::cmp::Reverse<Option<shared::Timestamp>>, ClaimCertificateId) {
    let state = claim.record.as_ref().map(|record| record.state);
    let rank = match state {
        Some(ClaimState::Current) => 0,
        Some(ClaimState::Preparing) => 1,
        Some(ClaimState::Retiring) | None => 2,
        Some(ClaimState::Retired | ClaimState::Burned) => 3,
    };
    let name = claim.record.as_ref().map(|record| record.name.to_string()).unwrap_or_default();
    let made = claim.record.as_ref().map(|record| record.created_at).or(claim.created_at);
    (rank, name, std::cmp::Reverse(made), claim.id.clone())
}
