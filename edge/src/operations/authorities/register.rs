use aws::iot::{describe_ca_certificate, registration_code};
use aws::{Transport, perform};
use pki::{Certificate, check_authority, check_proof_of_possession};
use provisioning_rules::{AuthorityRegistration, Effect};
use shared::api::{ApiError, Done, Reason, RegisterAuthority};
use shared::{AuthorityId, AuthorityMode, AuthorityRecord, Refusal};

use crate::{Deployment, Operator, failure};

/// Registers a CA certificate, active at once. Everything that AWS IoT would refuse is refused before, in words.
pub(crate) async fn register_authority<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    RegisterAuthority { certificate_pem, verification_pem, mode, just_in_time, reason }: RegisterAuthority,
) -> Result<Done, ApiError> {
    let reason = Reason::checked(&reason)?;
    let certificate = Certificate::parse(&certificate_pem).map_err(unusable)?;
    check_authority(&certificate, deployment.now()).map_err(unusable)?;
    let id = AuthorityId(certificate.id().clone());
    if describe_ca_certificate(&deployment.aws, &id).await.map_err(failure::of_read)?.is_some() {
        return Err(Refusal::AuthorityAlreadyRegistered.into());
    }
    let verification_pem = verification_pem.filter(|pem| !pem.trim().is_empty());
    let verification_pem = match (mode, verification_pem) {
        // AWS IoT refuses a proof that it does not need.
        (AuthorityMode::SniOnly, _) => None,
        (AuthorityMode::Default, None) => {
            return Err(unusable(
                "The proof of possession is missing: have the CA sign a certificate with the registration code as its \
                 common name, or register the CA in the mode SNI_ONLY.",
            ));
        }
        (AuthorityMode::Default, Some(pem)) => {
            let verification = Certificate::parse(&pem).map_err(in_verification)?;
            let code = registration_code(&deployment.aws).await.map_err(failure::of_read)?;
            check_proof_of_possession(&verification, &certificate, &code).map_err(unusable)?;
            verification.check_valid_at(deployment.now()).map_err(in_verification)?;
            Some(verification.pem())
        }
    };
    let registration = AuthorityRegistration {
        subject: certificate.subject(),
        certificate_pem: certificate.pem(),
        verification_pem,
        mode,
        just_in_time,
    };
    let record = AuthorityRecord {
        authority_id: id,
        at: deployment.now(),
        operator: operator.name().to_owned(),
        what: "register".to_owned(),
        reason,
    };
    let effects =
        vec![Effect::RecordAuthorityAction(Box::new(record)), Effect::RegisterAuthority(Box::new(registration))];
    let log = |effect: &Effect| deployment.log_effect(operator.name(), effect);
    let done = perform(&deployment.aws, &deployment.tables, effects, log).await.map_err(failure::of_action)?;
    Ok(Done { steps: done.steps.into_iter().map(Into::into).collect(), receipt: None })
}

fn unusable(problem: impl ToString) -> ApiError {
    ApiError::UnusablePem { problem: problem.to_string() }
}

fn in_verification(problem: impl ToString) -> ApiError {
    unusable(format!("In the proof of possession: {}", problem.to_string()))
}
