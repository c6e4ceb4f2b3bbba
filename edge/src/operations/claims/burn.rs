use aws::iot::describe_certificate;
use aws::{PerformError, Transport, count_expected, perform};
use provisioning_rules::{ActionBy, Effect, burn_claim as burn};
use shared::api::{ApiError, BurnClaim, Done, Reason};
use shared::{ClaimCertificateId, ClaimState, ReceiptStep, StepOutcome};

use super::COUNTED;
use super::known::record_of;
use crate::{Deployment, Operator, failure};

/// How often it is decided again because the claim changed under it.
const DECISIONS: u32 = 3;

/// Takes a claim certificate out of use now. Who did it and why is kept with the claim.
pub(crate) async fn burn_claim<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    id: &ClaimCertificateId,
    BurnClaim { reason, expected_count_seen }: BurnClaim,
) -> Result<Done, ApiError> {
    let by = ActionBy { operator: operator.name().to_owned(), reason: Reason::checked(&reason)?, at: deployment.now() };
    for _ in 0..DECISIONS {
        let record = record_of(deployment, id).await?;
        let (expected, described) = futures::try_join!(
            count_expected(&deployment.aws, &deployment.tables, id, COUNTED),
            describe_certificate(&deployment.aws, &id.0),
        )
        .map_err(failure::of_read)?;
        let reported = described.and_then(|certificate| certificate.status);
        let mut effects = vec![Effect::RecordClaim(Box::new(record.clone()))];
        effects.extend(burn(&record, reported, expected.unwrap_or_default(), expected_count_seen, &by)?);
        let log = |effect: &Effect| deployment.log_effect(operator.name(), effect);
        match perform(&deployment.aws, &deployment.tables, effects, log).await {
            Ok(done) => {
                let mut steps: Vec<ReceiptStep> = done.steps.into_iter().skip(1).map(Into::into).collect();
                steps.push(connections(deployment));
                if record.state == ClaimState::Current {
                    steps.push(ReceiptStep {
                        what: format!("have a working claim certificate for {}", record.name),
                        at: deployment.now(),
                        outcome: StepOutcome::NotProven,
                        proof: Some("There is none now: rotate the claim to make one.".to_owned()),
                    });
                }
                return Ok(Done { steps, receipt: None });
            }
            Err(PerformError::FactsChanged { .. }) => {}
            Err(error) => return Err(failure::of_action(error)),
        }
    }
    Err(ApiError::ChangedMeanwhile)
}

/// Clients connect with a claim under ids that nobody knows, so their connections cannot be cut one by one.
fn connections<T: Transport>(deployment: &Deployment<T>) -> ReceiptStep {
    ReceiptStep {
        what: "end the connections that are open with it".to_owned(),
        at: deployment.now(),
        outcome: StepOutcome::NotProven,
        proof: Some(
            "AWS IoT ends them by itself within minutes; until then whatever asks over them to be provisioned is denied."
                .to_owned(),
        ),
    }
}
