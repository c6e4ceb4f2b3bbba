//! Getting AWS IoT to take a certificate that another authority signed.

use aws::Transport;
use aws::iot::{
    describe_certificate, list_attached_policies, list_principal_things, register_certificate,
    register_certificate_without_ca,
};
use pki::Certificate;
use provisioning_rules::VehicleFacts;
use shared::api::ApiError;
use shared::{AuthorityMode, CertificateStatus, Refusal};

use super::make::{Made, made};
use crate::operations::authorities::issuer_of;
use crate::{Deployment, Operator, failure};

/// Registers the certificate under the registered authority that signed it, or without one. A certificate that is registered
/// and that nothing refers to was left by an interrupted try, and is taken up again.
pub(super) async fn take_given<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    certificate: &Certificate,
    facts: &VehicleFacts,
) -> Result<Made, ApiError> {
    let (aws, id, pem) = (&deployment.aws, certificate.id(), certificate.pem());
    if let Some(described) = describe_certificate(aws, id).await.map_err(failure::of_read)? {
        let is_left_over = match described.status {
            Some(CertificateStatus::Inactive | CertificateStatus::PendingActivation) => {
                facts.row(id).is_some()
                    || list_principal_things(aws, &described.arn).await.map_err(failure::of_read)?.is_empty()
                        && list_attached_policies(aws, &described.arn).await.map_err(failure::of_read)?.is_empty()
            }
            _ => false,
        };
        if !is_left_over {
            return Err(Refusal::CertificateAlreadyRegistered.into());
        }
        return Ok(Made {
            step: made(deployment, format!("take up certificate {id}, which was registered before and never used")),
            id: id.clone(),
            pem,
            private_key: None,
            needs_server_name: described.mode == Some(AuthorityMode::SniOnly),
            authority_id: described.authority_id,
            is_ours: false,
        });
    }
    let issuer = issuer_of(deployment, certificate).await?;
    let registered = match &issuer {
        Some(issuer) if !issuer.description.active => return Err(Refusal::IssuingAuthorityInactive.into()),
        Some(issuer) => {
            deployment
                .log_attempt(operator.name(), &format!("register certificate {id} under authority {}", issuer.id));
            register_certificate(aws, &pem, Some(&issuer.description.pem)).await
        }
        None => {
            deployment.log_attempt(operator.name(), &format!("register certificate {id} without an authority"));
            register_certificate_without_ca(aws, &pem).await
        }
    };
    match registered {
        // The answer to an earlier try was lost.
        Err(error) if error.code() == Some("ResourceAlreadyExistsException") => {}
        result => result.map_err(failure::of_read)?,
    }
    let step = match &issuer {
        Some(issuer) => format!("register certificate {id} under authority {}", issuer.id),
        None => format!("register certificate {id}, whose authority is not registered"),
    };
    Ok(Made {
        step: made(deployment, step),
        id: id.clone(),
        pem,
        private_key: None,
        needs_server_name: issuer.as_ref().is_none_or(|issuer| issuer.description.mode == Some(AuthorityMode::SniOnly)),
        authority_id: issuer.map(|issuer| issuer.id),
        is_ours: true,
    })
}
