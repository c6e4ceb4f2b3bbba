use aws::{PerformError, Transport, gather, perform, refresh_pending};
use provisioning_rules::{Effect, VehicleFacts};
use shared::Vin;
use shared::api::{ApiError, Done};

use crate::{Deployment, Operator, failure};

/// How often an action is decided again because the vehicle changed under it.
const DECISIONS: u32 = 3;

/// Gathers the facts of a vehicle, asks `decide` for effects and carries them out. Where the vehicle changed in between
/// and nothing was done yet, decides again.
pub(super) async fn perform_action<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    vin: &Vin,
    decide: impl AsyncFn(&VehicleFacts) -> Result<Vec<Effect>, ApiError>,
) -> Result<Done, ApiError> {
    for _ in 0..DECISIONS {
        let mut gathered = gather(&deployment.aws, &deployment.tables, vin).await.map_err(failure::of_read)?;
        refresh_pending(&deployment.aws, &mut gathered.facts).await.map_err(failure::of_read)?;
        let effects = decide(&gathered.facts).await?;
        let log = |effect: &Effect| deployment.log_effect(operator.name(), effect);
        match perform(&deployment.aws, &deployment.tables, effects, log).await {
            Ok(done) => return Ok(Done { steps: done.steps, warnings: done.warnings }),
            Err(PerformError::FactsChanged { done }) if done.steps.is_empty() => {}
            Err(error) => return Err(failure::of_action(error)),
        }
    }
    Err(ApiError::ChangedMeanwhile)
}
