use aws::Transport;
use shared::ClaimName;
use shared::api::{ApiError, CreateClaim, Done};

use super::ask_function::ask_function;
use crate::{Deployment, Operator};

/// Makes a claim certificate under a new name. Plants read it from its secret; nobody sees its key here.
pub(crate) async fn create_claim<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    CreateClaim { name }: CreateClaim,
) -> Result<Done, ApiError> {
    let name = ClaimName::try_from(name.trim().to_owned())
        .map_err(|problem| ApiError::InvalidRequest { problem: problem.to_string() })?;
    ask_function(deployment, operator, "create", &name).await
}
