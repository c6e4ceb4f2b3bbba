use shared::CertificateId;

use super::delete::unless_gone;
use crate::iot::{
    describe_certificate, detach_policy, detach_thing_principal, list_attached_policies, list_principal_things,
};
use crate::{Aws, AwsError, Transport};

/// Detaches whatever is attached now, which makes a repeat finish what an earlier try began.
pub(super) async fn detach<T: Transport>(aws: &Aws<T>, id: &CertificateId) -> Result<(), AwsError> {
    let Some(certificate) = describe_certificate(aws, id).await? else { return Ok(()) };
    for thing in list_principal_things(aws, &certificate.arn).await? {
        unless_gone(detach_thing_principal(aws, &thing, &certificate.arn).await)?;
    }
    for policy in list_attached_policies(aws, &certificate.arn).await? {
        unless_gone(detach_policy(aws, &policy, &certificate.arn).await)?;
    }
    Ok(())
}
