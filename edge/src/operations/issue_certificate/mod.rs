//! A certificate for one vehicle, from an operator: with keys that AWS makes, for keys that somebody else keeps, or signed by
//! another authority.

mod given;
mod make;
mod material;
mod settle;

use aws::iot::describe_provisioning_template;
use aws::{PerformError, Transport, admitted_for, gather, perform, refresh_pending};
use provisioning_rules::{
    Effect, ProvisioningDecision, ProvisioningRequest, RegistrationPlan, VehicleFacts, decide_provisioning,
    follow_template, may_issue, refuse_to_issue,
};
use shared::api::{ApiError, Done, IssueCertificate, IssuedCertificate, Reason};
use shared::{CertificateId, DenialReason, Refusal, Vin};

use self::make::{Made, make};
use self::material::Material;
use self::settle::settle;
use crate::{Deployment, Operator, failure};

/// How often it is decided again because the vehicle changed under it.
const DECISIONS: u32 = 3;

/// Issues a certificate by the decision that a vehicle which asks for itself would meet.
///
/// It is decided before there is a certificate, so that a refusal leaves none behind; then the certificate is made, inactive;
/// then it is admitted, under the condition that nothing has changed, registered by the deployed template, and activated last.
/// Where this is interrupted before the admission, an inactive certificate that nothing refers to may be left; from then on
/// its row tells of it, the same vehicle may be given another one, and whatever is registered next retires it.
///
/// A private key that AWS made is in the answer and nowhere else. Whoever loses the answer revokes the certificate and issues
/// another one.
pub(crate) async fn issue_certificate<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    typed_vin: &str,
    IssueCertificate { reason, source }: IssueCertificate,
) -> Result<IssuedCertificate, ApiError> {
    let vin = deployment.vin(typed_vin)?;
    let reason = Reason::checked(&reason)?;
    let material = Material::read(source, deployment, &vin)?;
    let template = describe_provisioning_template(&deployment.aws, &deployment.provisioning_template)
        .await
        .map_err(failure::of_read)?;
    // Whatever the template cannot do is known before there is a certificate, for which zeros stand meanwhile.
    plan(&template, &vin, &material.id().cloned().unwrap_or(CertificateId::of_digest([0; 32])))?;
    let mut request = ProvisioningRequest {
        presented_vin: Some(typed_vin.to_owned()),
        certificate_id: material.id().cloned(),
        claim_certificate_id: None,
        claim_state: None,
        authority_id: None,
        issued_by: Some(operator.name().to_owned()),
        reason: Some(reason),
        client_id: None,
        region: deployment.aws.region.clone(),
        at: deployment.now(),
        admitted_for: None,
    };
    let mut made: Option<Made> = None;
    for _ in 0..DECISIONS {
        let mut facts = gather(&deployment.aws, &deployment.tables, &vin).await.map_err(failure::of_read)?.facts;
        refresh_pending(&deployment.aws, &mut facts).await.map_err(failure::of_read)?;
        if let Some(id) = &request.certificate_id {
            request.admitted_for =
                admitted_for(&deployment.aws, &deployment.tables, id).await.map_err(failure::of_read)?;
        }
        request.at = deployment.now();
        if made.is_none() {
            if let Err(reason) = decide_beforehand(&request, &facts) {
                carry_out(deployment, operator, refuse_to_issue(&request, &vin, reason)).await?;
                return Err(refusal(reason).into());
            }
            let new = make(deployment, operator, &material, &facts).await?;
            request.certificate_id = Some(new.id.clone());
            request.authority_id = new.authority_id.clone();
            made = Some(new);
        }
        let Some(new) = &made else { continue };
        let (decision, mut effects) = decide_provisioning(&request, &facts, &new.id);
        if let ProvisioningDecision::Deny(reason) = decision {
            let effects = if new.is_ours { effects } else { refuse_to_issue(&request, &vin, reason) };
            carry_out(deployment, operator, effects).await?;
            return Err(refusal(reason).into());
        }
        let registration = Effect::RegisterThing(Box::new(plan(&template, &vin, &new.id)?));
        let registering = registration.to_string();
        effects.push(registration);
        let log = |effect: &Effect| deployment.log_effect(operator.name(), effect);
        match perform(&deployment.aws, &deployment.tables, effects, log).await {
            Ok(done) => {
                let settled = settle(deployment, operator, &vin, &new.id).await?;
                let registered = done.steps.into_iter().map(Into::into);
                let steps = std::iter::once(new.step.clone()).chain(registered).chain(settled).collect();
                let done = Done { steps, receipt: None };
                return made.ok_or(ApiError::ChangedMeanwhile).map(|made| made.issued(done));
            }
            Err(PerformError::FactsChanged { .. }) => {}
            Err(error) => {
                // What was admitted is on record. What was not would be litter.
                if !matches!(&error, PerformError::Failed { attempted, .. } if *attempted == registering) {
                    discard(deployment, operator, new).await;
                }
                return Err(failure::of_action(error));
            }
        }
    }
    if let Some(new) = &made {
        discard(deployment, operator, new).await;
    }
    Err(ApiError::ChangedMeanwhile)
}

/// The decision as far as it can be made without a certificate, and whole where the operator brought one.
fn decide_beforehand(request: &ProvisioningRequest, facts: &VehicleFacts) -> Result<(), DenialReason> {
    if let Some(id) = &request.certificate_id {
        return match decide_provisioning(request, facts, id) {
            (ProvisioningDecision::Deny(reason), _) => Err(reason),
            (ProvisioningDecision::Allow(_), _) => Ok(()),
        };
    }
    may_issue(facts, request.at).map_err(|refusal| match refusal {
        Refusal::Denied(reason) => reason,
        _ => DenialReason::VinNotAuthorized,
    })
}

/// The same to an operator, in words about what an operator does.
fn refusal(reason: DenialReason) -> Refusal {
    match reason {
        DenialReason::VinNotAuthorized => Refusal::NotAuthorized,
        DenialReason::CertificateAlreadyKnown => Refusal::CertificateAlreadyRegistered,
        reason => Refusal::Denied(reason),
    }
}

fn plan(template: &str, vin: &Vin, id: &CertificateId) -> Result<RegistrationPlan, ApiError> {
    follow_template(template, vin, id).map_err(|problem| ApiError::UnusableTemplate { problem: problem.to_string() })
}

async fn carry_out<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    effects: Vec<Effect>,
) -> Result<(), ApiError> {
    let log = |effect: &Effect| deployment.log_effect(operator.name(), effect);
    perform(&deployment.aws, &deployment.tables, effects, log).await.map(drop).map_err(failure::of_action)
}

/// Takes back a certificate that was made here and that nobody was admitted with. Failing to is no failure of its own: it is
/// inactive, and nothing refers to it.
async fn discard<T: Transport>(deployment: &Deployment<T>, operator: &Operator, made: &Made) {
    if made.is_ours {
        let _ = carry_out(deployment, operator, vec![Effect::RemoveUnusedCertificate(made.id.clone())]).await;
    }
}
