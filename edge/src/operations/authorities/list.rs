use aws::dynamodb::{Query, query};
use aws::iot::{count_certificates_by_ca, describe_ca_certificate, list_ca_certificates, registration_code};
use aws::tables::authority_actions::{PARTITION, from_item};
use aws::{AwsError, Transport};
use futures::{StreamExt, TryStreamExt, stream};
use pki::Certificate;
use provisioning_rules::may_delete_authority;
use shared::api::{ApiError, AuthoritiesPage, Authority};
use shared::{AuthorityId, AuthorityRecord};

use crate::{Deployment, Operator, failure};

/// A Worker has six connections at a time, and each authority takes three.
const AT_ONCE: usize = 2;

/// Every authority of this account and region: those in use first, then by subject.
pub(crate) async fn list_authorities<T: Transport>(
    deployment: &Deployment<T>,
    _operator: &Operator,
) -> Result<AuthoritiesPage, ApiError> {
    let (ids, registration_code) =
        futures::try_join!(list_ca_certificates(&deployment.aws), registration_code(&deployment.aws))
            .map_err(failure::of_read)?;
    let mut authorities: Vec<Authority> = stream::iter(ids)
        .map(|id| show_authority(deployment, id))
        .buffer_unordered(AT_ONCE)
        .try_filter_map(|authority| std::future::ready(Ok(authority)))
        .try_collect()
        .await
        .map_err(failure::of_read)?;
    authorities
        .sort_by(|one, other| (!one.active, &one.subject, &one.id).cmp(&(!other.active, &other.subject, &other.id)));
    Ok(AuthoritiesPage { authorities, registration_code, now: deployment.now() })
}

/// `None` for one that was deleted since it was listed.
async fn show_authority<T: Transport>(
    deployment: &Deployment<T>,
    id: AuthorityId,
) -> Result<Option<Authority>, AwsError> {
    let aws = &deployment.aws;
    let (described, certificates, last_action) = futures::try_join!(
        describe_ca_certificate(aws, &id),
        count_certificates_by_ca(aws, &id),
        last_action(deployment, &id)
    )?;
    let Some(described) = described else { return Ok(None) };
    let certificate = Certificate::parse(&described.pem).ok();
    let certificate = certificate.as_ref();
    Ok(Some(Authority {
        id,
        active: described.active,
        just_in_time: described.just_in_time,
        mode: described.mode,
        subject: certificate.map(Certificate::subject),
        serial: certificate.map(Certificate::serial_number),
        fingerprint: certificate.map(|certificate| certificate.id().clone()),
        valid_from: certificate.map(Certificate::valid_from),
        valid_until: certificate.map(Certificate::valid_until),
        registered_at: described.registered_at,
        certificates,
        last_action,
        delete: may_delete_authority(described.active).into(),
    }))
}

async fn last_action<T: Transport>(
    deployment: &Deployment<T>,
    id: &AuthorityId,
) -> Result<Option<AuthorityRecord>, AwsError> {
    let page = query(
        &deployment.aws,
        Query {
            table: &deployment.tables.operator_actions,
            index: None,
            partition: (PARTITION, id.as_str()),
            sort: None,
            descending: true,
            limit: Some(1),
            start: None,
        },
    )
    .await?;
    Ok(page.items.iter().find_map(from_item))
}
