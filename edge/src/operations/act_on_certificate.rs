use std::cell::Cell;

use aws::iot::describe_certificate;
use aws::{PerformError, Transport, perform};
use provisioning_rules::{
    ActionBy, Effect, Stopped, VehicleFacts, begin_receipt, conclude_receipt, hold, is_unfinished, release, revoke,
};
use shared::api::{ApiError, CertificateAction, Done, Reason};
use shared::{CertificateId, Receipt, ReceiptStep, StepOutcome};

use super::perform_action::{NotPerformed, decide_and_perform};
use super::receipts_of_vehicle::receipts_of_vehicle;
use crate::{Deployment, Operator, failure};

/// In how many of the vehicle's latest receipts an interrupted action is looked for.
const LOOKED_THROUGH: usize = 25;

/// Revokes, holds or releases one certificate of one vehicle, and keeps a receipt of it: begun before the first effect, so
/// that nothing is done without a trace, and concluded after the last, however the action ended.
pub(crate) async fn act_on_certificate<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    typed_vin: &str,
    certificate_id: &CertificateId,
    action: CertificateAction,
    Reason { reason }: Reason,
) -> Result<Done, ApiError> {
    let vin = deployment.vin(typed_vin)?;
    let by = ActionBy { operator: operator.name().to_owned(), reason: Reason::checked(&reason)?, at: deployment.now() };
    let begun = begin_receipt(&vin, certificate_id, action, &by);
    let earlier = receipts_of_vehicle(deployment, &vin, LOOKED_THROUGH, None).await.map_err(failure::of_read)?;
    let unfinished = is_unfinished(&earlier.receipts, certificate_id, action);
    let is_begun = Cell::new(false);
    let result = decide_and_perform(deployment, operator, &vin, async |facts| {
        let effects = decide(deployment, facts, certificate_id, action, unfinished, &by).await?;
        // An action that is decided again because the vehicle changed is one action all the same.
        if !is_begun.get() {
            record(deployment, operator, &begun).await.map_err(failure::of_action)?;
            is_begun.set(true);
        }
        Ok(effects)
    })
    .await;
    if !is_begun.get() {
        return Err(result.err().map_or(ApiError::ChangedMeanwhile, ApiError::from));
    }
    conclude(deployment, operator, begun, result).await
}

async fn decide<T: Transport>(
    deployment: &Deployment<T>,
    facts: &VehicleFacts,
    certificate_id: &CertificateId,
    action: CertificateAction,
    unfinished: bool,
    by: &ActionBy,
) -> Result<Vec<Effect>, ApiError> {
    let row = facts.row(certificate_id).ok_or_else(|| ApiError::NoSuchCertificate {
        vin: facts.vin.clone(),
        certificate_id: certificate_id.clone(),
    })?;
    Ok(match action {
        CertificateAction::Revoke => {
            let certificate = describe_certificate(&deployment.aws, certificate_id).await.map_err(failure::of_read)?;
            revoke(facts, row, certificate.and_then(|certificate| certificate.status), unfinished, by)
        }
        CertificateAction::Hold => hold(facts, row, unfinished, by),
        CertificateAction::Release => release(facts, row),
    }?)
}

async fn record<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    receipt: &Receipt,
) -> Result<(), PerformError> {
    let effects = vec![Effect::RecordReceipt(Box::new(receipt.clone()))];
    let log = |effect: &Effect| deployment.log_effect(operator.name(), effect);
    perform(&deployment.aws, &deployment.tables, effects, log).await.map(drop)
}

/// Writes what became of the action and answers it. An outcome that cannot be written makes nothing undone: the answer has
/// it, and says that the stored receipt does not.
async fn conclude<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    begun: Receipt,
    result: Result<aws::Performed, NotPerformed>,
) -> Result<Done, ApiError> {
    let (steps, stopped) = match &result {
        Ok(performed) => (&performed.steps[..], None),
        Err(NotPerformed::Nothing(error)) => (&[][..], Some(Stopped::NothingDone { why: error.to_string() })),
        Err(NotPerformed::HalfWay(error)) => (&error.done().steps[..], Some(stopped_by(error))),
    };
    let steps: Vec<ReceiptStep> = steps.iter().cloned().map(Into::into).collect();
    let mut receipt = conclude_receipt(&begun, steps, stopped.as_ref(), deployment.now());
    let recorded = record(deployment, operator, &receipt).await;
    result?;
    if let Err(error) = recorded {
        receipt.steps.push(ReceiptStep {
            what: "store this receipt".to_owned(),
            at: deployment.now(),
            outcome: StepOutcome::NotProven,
            proof: Some(format!(
                "The stored receipt has no outcome ({}). Download this one now; the action itself was done.",
                failure::of_action(error)
            )),
        });
    }
    Ok(Done { steps: receipt.steps.clone(), receipt: Some(Box::new(receipt)) })
}

fn stopped_by(error: &PerformError) -> Stopped {
    match error {
        PerformError::FactsChanged { attempted, .. } => Stopped::Failed {
            attempted: attempted.clone(),
            why: "The vehicle changed while it was being worked on.".to_owned(),
        },
        PerformError::Failed { attempted, source, .. } => {
            Stopped::Failed { attempted: attempted.clone(), why: format!("{source}.") }
        }
    }
}
