use aws::iot::describe_certificate;
use aws::{PerformError, Transport, gather, perform};
use provisioning_rules::{Effect, after_registration};
use shared::api::ApiError;
use shared::{CertificateId, CertificateStatus, ReceiptStep, StepOutcome, Vin};

use crate::{Deployment, Operator, failure};

/// How often it is decided again because the vehicle changed under it: its thing's event settles it at the same time.
const DECISIONS: u32 = 5;

/// Settles the vehicle on its new certificate at once, as the thing's event does a little later. The certificate is in use
/// already, so what fails here is told and no more: an error would lose the private key.
///
/// An error means that it was put out again already: somebody else was let in, or the door was closed, between its admission
/// and its registration. Nobody is to be handed a certificate that is good for nothing.
pub(super) async fn settle<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    vin: &Vin,
    id: &CertificateId,
) -> Result<Vec<ReceiptStep>, ApiError> {
    let settled = match try_to_settle(deployment, operator, vin, id).await {
        Ok(steps) => is_in_use(deployment, vin, id).await.map(|is_in_use| is_in_use.then_some(steps)),
        Err(error) => Err(error),
    };
    match settled {
        Ok(steps) => steps.ok_or(ApiError::ChangedMeanwhile),
        Err(error) => Ok(vec![ReceiptStep {
            what: "record the certificate as active, and retire the one it replaces".to_owned(),
            at: deployment.now(),
            outcome: StepOutcome::NotProven,
            proof: Some(format!(
                "The certificate is active all the same. The rest follows when AWS IoT's event of the registration is \
                 handled ({error})"
            )),
        }]),
    }
}

/// Whether AWS IoT and the tables agree that the certificate is active.
async fn is_in_use<T: Transport>(deployment: &Deployment<T>, vin: &Vin, id: &CertificateId) -> Result<bool, ApiError> {
    let facts = gather(&deployment.aws, &deployment.tables, vin).await.map_err(failure::of_read)?.facts;
    let described = describe_certificate(&deployment.aws, id).await.map_err(failure::of_read)?;
    let reported = described.and_then(|certificate| certificate.status);
    let recorded = facts.row(id).map(|row| row.certificate_status);
    Ok(reported == Some(CertificateStatus::Active) && recorded == Some(CertificateStatus::Active))
}

/// From the facts as the tables have them: that the certificate is active in AWS IoT is what is to be recorded, so the rows
/// must not say so yet.
async fn try_to_settle<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    vin: &Vin,
    id: &CertificateId,
) -> Result<Vec<ReceiptStep>, ApiError> {
    for _ in 0..DECISIONS {
        let facts = gather(&deployment.aws, &deployment.tables, vin).await.map_err(failure::of_read)?.facts;
        let described = describe_certificate(&deployment.aws, id).await.map_err(failure::of_read)?;
        let reported = described.and_then(|certificate| certificate.status);
        // One that is not active is left to its thing's event.
        let effects = after_registration(&facts, id, reported, deployment.now()).unwrap_or_default();
        let log = |effect: &Effect| deployment.log_effect(operator.name(), effect);
        match perform(&deployment.aws, &deployment.tables, effects, log).await {
            Ok(done) => return Ok(done.steps.into_iter().map(Into::into).collect()),
            Err(PerformError::FactsChanged { .. }) => {}
            Err(error) => return Err(failure::of_action(error)),
        }
    }
    Err(ApiError::ChangedMeanwhile)
}
