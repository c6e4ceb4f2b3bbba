use aws::dynamodb::{Query, query};
use aws::iot::{describe_certificate, list_targets_for_policy};
use aws::tables::provisioning_attempts::{CLAIM_CERTIFICATE_ID, CLAIM_INDEX, from_item};
use aws::{AwsError, Transport};
use futures::{StreamExt, TryStreamExt, stream};
use shared::api::{ApiError, ClaimCertificate, ClaimCertificatesPage};
use shared::{CertificateId, ClaimCertificateId, ProvisioningAttempt};

use crate::{Deployment, Operator, failure};

/// A Worker has six connections at a time.
const AT_ONCE: usize = 3;

/// Every certificate that has the claim policy, newest first. The secret that holds a claim's key is never read here.
pub(crate) async fn list_claims<T: Transport>(
    deployment: &Deployment<T>,
    _operator: &Operator,
) -> Result<ClaimCertificatesPage, ApiError> {
    let targets = list_targets_for_policy(&deployment.aws, &deployment.claim_policy).await.map_err(failure::of_read)?;
    let ids = targets.iter().filter_map(|arn| CertificateId::from_principal(arn).ok()).map(ClaimCertificateId);
    let mut claims: Vec<ClaimCertificate> = stream::iter(ids)
        .map(|id| show_claim(deployment, id))
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await
        .map_err(failure::of_read)?;
    claims.sort_by(|one, other| (other.created_at, &other.id).cmp(&(one.created_at, &one.id)));
    Ok(ClaimCertificatesPage { claims })
}

async fn show_claim<T: Transport>(
    deployment: &Deployment<T>,
    id: ClaimCertificateId,
) -> Result<ClaimCertificate, AwsError> {
    let (described, last_attempt) =
        futures::try_join!(describe_certificate(&deployment.aws, &id.0), last_attempt(deployment, &id))?;
    Ok(ClaimCertificate {
        id,
        status: described.as_ref().and_then(|certificate| certificate.status),
        created_at: described.as_ref().and_then(|certificate| certificate.created_at),
        valid_from: described.as_ref().and_then(|certificate| certificate.valid_from),
        valid_until: described.as_ref().and_then(|certificate| certificate.valid_until),
        last_attempt,
    })
}

async fn last_attempt<T: Transport>(
    deployment: &Deployment<T>,
    id: &ClaimCertificateId,
) -> Result<Option<ProvisioningAttempt>, AwsError> {
    let page = query(
        &deployment.aws,
        Query {
            table: &deployment.tables.provisioning_attempts,
            index: Some(CLAIM_INDEX),
            partition: (CLAIM_CERTIFICATE_ID, id.as_str()),
            sort: None,
            descending: true,
            limit: Some(1),
            start: None,
        },
    )
    .await?;
    Ok(page.items.iter().find_map(|item| from_item(item).ok()))
}
