use aws::{PerformError, Performed, Transport, gather, perform, refresh_pending};
use provisioning_rules::{Effect, VehicleFacts};
use shared::Vin;
use shared::api::{ApiError, Done};

use crate::{Deployment, Operator, failure};

/// How often an action is decided again because the vehicle changed under it.
const DECISIONS: u32 = 3;

/// Why an action did not get to its end.
pub(super) enum NotPerformed {
    /// Before its first effect.
    Nothing(ApiError),
    /// Half-way, or at its first effect.
    HalfWay(PerformError),
}

impl From<NotPerformed> for ApiError {
    fn from(not_performed: NotPerformed) -> Self {
        match not_performed {
            NotPerformed::Nothing(error) => error,
            NotPerformed::HalfWay(error) => failure::of_action(error),
        }
    }
}

/// Gathers the facts of a vehicle, asks `decide` for effects and carries them out. Where the vehicle changed in between
/// and nothing was done yet, decides again.
pub(super) async fn perform_action<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    vin: &Vin,
    decide: impl AsyncFn(&VehicleFacts) -> Result<Vec<Effect>, ApiError>,
) -> Result<Done, ApiError> {
    let performed = decide_and_perform(deployment, operator, vin, decide).await?;
    Ok(Done { steps: performed.steps.into_iter().map(Into::into).collect(), receipt: None })
}

/// The same, for those who want to know how far it came.
pub(super) async fn decide_and_perform<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    vin: &Vin,
    decide: impl AsyncFn(&VehicleFacts) -> Result<Vec<Effect>, ApiError>,
) -> Result<Performed, NotPerformed> {
    let nothing = |error| NotPerformed::Nothing(failure::of_read(error));
    for _ in 0..DECISIONS {
        let mut gathered = gather(&deployment.aws, &deployment.tables, vin).await.map_err(nothing)?;
        refresh_pending(&deployment.aws, &mut gathered.facts).await.map_err(nothing)?;
        let effects = decide(&gathered.facts).await.map_err(NotPerformed::Nothing)?;
        let log = |effect: &Effect| deployment.log_effect(operator.name(), effect);
        match perform(&deployment.aws, &deployment.tables, effects, log).await {
            Ok(done) => return Ok(done),
            Err(PerformError::FactsChanged { done, .. }) if done.steps.is_empty() => {}
            Err(error) => return Err(NotPerformed::HalfWay(error)),
        }
    }
    Err(NotPerformed::Nothing(ApiError::ChangedMeanwhile))
}
