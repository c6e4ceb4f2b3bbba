use aws::iot::{describe_certificate, list_attached_policies};
use aws::{Transport, claim_records};
use provisioning_rules::adopt_claim;
use shared::api::ApiError;
use shared::{ClaimCertificateId, ClaimName, ClaimRecord, ClaimState, Refusal};

use crate::{Deployment, failure};

/// Every claim certificate on record.
pub(super) async fn records<T: Transport>(deployment: &Deployment<T>) -> Result<Vec<ClaimRecord>, ApiError> {
    let (records, _) = claim_records(&deployment.aws, &deployment.tables).await.map_err(failure::of_read)?;
    Ok(records)
}

/// The record of a claim certificate; for one that has the claim policy and none, the record it would be given.
pub(super) async fn record_of<T: Transport>(
    deployment: &Deployment<T>,
    id: &ClaimCertificateId,
) -> Result<ClaimRecord, ApiError> {
    let records = records(deployment).await?;
    if let Some(record) = records.iter().find(|record| record.id == *id) {
        return Ok(record.clone());
    }
    let unknown = || ApiError::NoSuchClaim { claim_certificate_id: id.clone() };
    let described =
        describe_certificate(&deployment.aws, &id.0).await.map_err(failure::of_read)?.ok_or_else(unknown)?;
    let policies = list_attached_policies(&deployment.aws, &described.arn).await.map_err(failure::of_read)?;
    if !policies.contains(&deployment.claim_policy) {
        return Err(unknown());
    }
    let name = ClaimName::default_name();
    // Which secret has its key, if any has, is not known here.
    let secret = records.iter().find(|record| record.name == name).map_or("", |record| &record.secret_id);
    Ok(adopt_claim(id, name, secret, described.created_at, &records, deployment.now()))
}

/// The certificate that a claim's name stands for. Without a name it is that of the claim that every deployment has, and
/// none where nothing is on record of it.
pub(crate) async fn current_claim<T: Transport>(
    deployment: &Deployment<T>,
    name: Option<&ClaimName>,
) -> Result<Option<ClaimCertificateId>, ApiError> {
    let default = ClaimName::default_name();
    let wanted = name.unwrap_or(&default);
    let records = records(deployment).await?;
    let current = records.into_iter().find(|record| record.name == *wanted && record.state == ClaimState::Current);
    match current {
        Some(record) => Ok(Some(record.id)),
        None if wanted.is_default() => Ok(None),
        None => Err(Refusal::NoSuchClaimName.into()),
    }
}
