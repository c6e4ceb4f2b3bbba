use aws::Transport;
use shared::ClaimState;
use shared::api::{ApiError, ClaimNames};

use super::known::records;
use crate::{Deployment, Operator};

/// The names that vehicles can be authorized for: those of claims that have a current certificate.
pub(crate) async fn list_claim_names<T: Transport>(
    deployment: &Deployment<T>,
    _operator: &Operator,
) -> Result<ClaimNames, ApiError> {
    let current = records(deployment).await?.into_iter().filter(|record| record.state == ClaimState::Current);
    let mut names: Vec<_> = current.map(|record| record.name).collect();
    names.sort();
    Ok(ClaimNames { names })
}
