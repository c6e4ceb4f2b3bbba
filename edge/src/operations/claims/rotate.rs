use aws::Transport;
use shared::ClaimCertificateId;
use shared::api::{ApiError, Done, RotateClaim};

use super::ask_function::ask_function;
use super::known::record_of;
use crate::{Deployment, Operator};

/// Gives the claim that this certificate is of a new one. What it has goes on working for a while.
pub(crate) async fn rotate_claim<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    id: &ClaimCertificateId,
    RotateClaim {}: RotateClaim,
) -> Result<Done, ApiError> {
    let record = record_of(deployment, id).await?;
    ask_function(deployment, operator, "rotate", &record.name).await
}
