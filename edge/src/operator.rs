//! Who asks.

use aws::Transport;
use shared::api::ApiError;

use crate::Deployment;

/// Proof that a person is signed in. Only [`sign_in`] makes one, and every operation takes one.
#[derive(Clone, Debug)]
pub struct Operator {
    name: String,
}

impl Operator {
    /// The name under which the operator's actions are kept.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Signs in the operator whom the local stack's configuration names. A deployment that names none has nobody signed in.
pub(crate) fn sign_in<T: Transport>(deployment: &Deployment<T>) -> Result<Operator, ApiError> {
    let name = deployment.local_operator.clone().ok_or(ApiError::NotSignedIn)?;
    Ok(Operator { name })
}
