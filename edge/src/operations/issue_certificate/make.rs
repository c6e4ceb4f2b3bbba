//! Getting a certificate from AWS IoT, or getting AWS IoT to take one; inactive either way.

use aws::Transport;
use aws::iot::{create_certificate_from_csr, create_keys_and_certificate};
use pki::Certificate;
use provisioning_rules::VehicleFacts;
use shared::api::{ApiError, Done, IssuedCertificate, PrivateKeyPem};
use shared::{AuthorityId, CertificateId, ReceiptStep, StepOutcome};

use super::given::take_given;
use super::material::Material;
use crate::{Deployment, Operator, failure};

/// A certificate that AWS IoT has and that is not active.
pub(super) struct Made {
    pub(super) id: CertificateId,
    pub(super) pem: String,
    pub(super) private_key: Option<PrivateKeyPem>,
    pub(super) authority_id: Option<AuthorityId>,
    /// Whether the vehicle has to name the server it connects to.
    pub(super) needs_server_name: bool,
    /// Whether it came to AWS IoT just now and by us, so that we may take it away again.
    pub(super) is_ours: bool,
    /// How it came to be.
    pub(super) step: ReceiptStep,
}

impl Made {
    /// The answer: the only one that ever has the private key.
    pub(super) fn issued(self, done: Done) -> IssuedCertificate {
        IssuedCertificate {
            certificate_id: self.id,
            valid_until: Certificate::parse(&self.pem).ok().map(|certificate| certificate.valid_until()),
            certificate_pem: self.pem,
            private_key: self.private_key,
            authority_id: self.authority_id,
            needs_server_name: self.needs_server_name,
            done,
        }
    }
}

/// Makes the certificate. Nothing here is an effect: it changes nothing about the vehicle, and it cannot be repeated without
/// making another one.
pub(super) async fn make<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    material: &Material,
    facts: &VehicleFacts,
) -> Result<Made, ApiError> {
    let aws = &deployment.aws;
    Ok(match material {
        Material::Nothing => {
            deployment.log_attempt(operator.name(), "make keys and an inactive certificate");
            let keys = create_keys_and_certificate(aws, false).await.map_err(failure::of_read)?;
            let id = CertificateId::try_from(keys.certificate_id).map_err(|error| ApiError::Misconfigured {
                problem: format!("AWS IoT named no certificate: {error}"),
            })?;
            Made {
                step: made(deployment, format!("make keys and certificate {id}")),
                id,
                pem: keys.certificate_pem,
                private_key: Some(PrivateKeyPem(keys.key_pair.private_key)),
                authority_id: None,
                needs_server_name: false,
                is_ours: true,
            }
        }
        Material::Request(request) => {
            deployment.log_attempt(operator.name(), "have a signing request signed");
            let signed = create_certificate_from_csr(aws, request.pem()).await.map_err(failure::of_read)?;
            Made {
                step: made(deployment, format!("sign the request as certificate {}", signed.certificate_id)),
                id: signed.certificate_id,
                pem: signed.certificate_pem,
                private_key: None,
                authority_id: None,
                needs_server_name: false,
                is_ours: true,
            }
        }
        Material::Certificate(certificate) => take_given(deployment, operator, certificate, facts).await?,
    })
}

/// A step that was done just now.
pub(super) fn made<T: Transport>(deployment: &Deployment<T>, what: String) -> ReceiptStep {
    ReceiptStep { what, at: deployment.now(), outcome: StepOutcome::Done, proof: None }
}
