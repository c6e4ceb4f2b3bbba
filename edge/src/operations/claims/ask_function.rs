use aws::Transport;
use aws::lambda::invoke;
use serde::Deserialize;
use serde_json::json;
use shared::api::{ApiError, Done};
use shared::{ClaimName, ReceiptStep, Refusal, StepOutcome};

use crate::{Deployment, Operator, failure};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Answer {
    Done(Vec<String>),
    Refused(Refusal),
}

/// Has the function that may touch keys do something to a claim. Its answer holds none.
pub(super) async fn ask_function<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    action: &str,
    name: &ClaimName,
) -> Result<Done, ApiError> {
    deployment.log_attempt(operator.name(), &format!("{action} the claim {name}"));
    // The call is made again where its answer was lost: this tells the function that it is the same request.
    let id = format!("{} {}", operator.name(), deployment.now());
    let request = json!({ "action": action, "name": name, "operator": operator.name(), "request": id });
    let answer = invoke(&deployment.aws, &deployment.claims_function, &request).await.map_err(failure::of_read)?;
    let answer: Answer = serde_json::from_value(answer).map_err(|_| ApiError::Unavailable {
        service: "The function that makes claims".to_owned(),
        problem: "its answer cannot be read: deploy the console and the stack in the same version.".to_owned(),
        progress: String::new(),
    })?;
    match answer {
        Answer::Refused(refusal) => Err(refusal.into()),
        Answer::Done(done) => {
            let step = |what| ReceiptStep { what, at: deployment.now(), outcome: StepOutcome::Done, proof: None };
            Ok(Done { steps: done.into_iter().map(step).collect(), receipt: None })
        }
    }
}
