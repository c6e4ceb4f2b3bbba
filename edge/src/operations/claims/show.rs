use aws::dynamodb::{Query, query};
use aws::iot::{describe_certificate, list_attached_policies};
use aws::tables::provisioning_attempts::{CLAIM_CERTIFICATE_ID, CLAIM_INDEX, from_item};
use aws::{AwsError, Transport, count_admitted, count_expected};
use shared::api::ClaimCertificate;
use shared::{ClaimCertificateId, ClaimRecord, ProvisioningAttempt};

use super::COUNTED;
use crate::Deployment;

/// One claim certificate with all that is known of it.
pub(super) async fn show_claim<T: Transport>(
    deployment: &Deployment<T>,
    id: ClaimCertificateId,
    record: Option<ClaimRecord>,
) -> Result<ClaimCertificate, AwsError> {
    let (aws, tables) = (&deployment.aws, &deployment.tables);
    let (described, last_attempt, admitted, expected) = futures::try_join!(
        describe_certificate(aws, &id.0),
        last_attempt(deployment, &id),
        count_admitted(aws, tables, &id, COUNTED),
        count_expected(aws, tables, &id, COUNTED),
    )?;
    let policies = match &described {
        Some(certificate) => list_attached_policies(aws, &certificate.arn).await?,
        None => Vec::new(),
    };
    Ok(ClaimCertificate {
        id,
        record,
        status: described.as_ref().and_then(|certificate| certificate.status),
        policies,
        created_at: described.as_ref().and_then(|certificate| certificate.created_at),
        valid_from: described.as_ref().and_then(|certificate| certificate.valid_from),
        valid_until: described.as_ref().and_then(|certificate| certificate.valid_until),
        last_attempt,
        admitted,
        expected,
    })
}

/// One whose use has ended, as its record tells it. What else is known of it, its own page asks for: a list of all that
/// ever were would ask for ever more.
pub(super) fn show_ended(id: ClaimCertificateId, record: ClaimRecord) -> ClaimCertificate {
    ClaimCertificate {
        id,
        created_at: Some(record.created_at),
        record: Some(record),
        status: None,
        policies: Vec::new(),
        valid_from: None,
        valid_until: None,
        last_attempt: None,
        admitted: None,
        expected: None,
    }
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
