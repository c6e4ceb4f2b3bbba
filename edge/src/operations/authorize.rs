use aws::Transport;
use shared::api::{ApiError, Authorize, Done};

use super::claims::current_claim;
use super::perform_action::perform_action;
use crate::{Deployment, Operator};

/// The longest make, model or year that is taken, in characters.
const LONGEST_TEXT: usize = 100;

/// Makes a VIN known, so that a vehicle with a claim certificate can be provisioned as it. Any claim certificate lets it in;
/// the one it is expected with is remembered, so that an operator who takes that one out of use sees whom it strands.
pub(crate) async fn authorize<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    Authorize { vin, make, model, year, claim }: Authorize,
) -> Result<Done, ApiError> {
    let vin = deployment.vin(&vin)?;
    for (name, text) in [("make", &make), ("model", &model), ("year", &year)] {
        if text.trim().is_empty() || text.chars().count() > LONGEST_TEXT {
            let problem = format!("the {name} must have between 1 and {LONGEST_TEXT} characters.");
            return Err(ApiError::InvalidRequest { problem });
        }
    }
    let claim = current_claim(deployment, claim.as_ref()).await?;
    let at = deployment.now();
    perform_action(deployment, operator, &vin, async |facts| {
        Ok(provisioning_rules::authorize(facts, (&make, &model, &year), claim.clone(), operator.name(), at))
    })
    .await
}
