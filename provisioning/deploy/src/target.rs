//! Which stack is meant.

use aws::{Aws, Transport};

use crate::s3::Bucket;
use crate::{DeployError, sts};

/// One deployment of the provisioning stack in an account and region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Begins the names that vehicles and plants know; `cms` unless there are several in one account and region.
    pub app_unique_id: String,
    /// The bucket for functions' code, where it is not the one named after app, account and region.
    pub code_bucket: Option<String>,
}

impl Target {
    /// The stack's name.
    pub fn stack_name(&self) -> String {
        format!("{}-provisioning", self.app_unique_id)
    }

    /// The name of the user that the console's API is.
    pub fn console_user_name(&self) -> String {
        format!("{}-provisioning-console", self.app_unique_id)
    }

    /// The name of the policy that vehicles hold.
    pub fn vehicle_policy_name(&self) -> String {
        format!("{}-vehicle-policy", self.app_unique_id)
    }

    /// The code bucket, in the account that the credentials belong to.
    pub(crate) async fn bucket<T: Transport>(&self, aws: &Aws<T>) -> Result<Bucket, DeployError> {
        let account_id = sts::account_id(aws).await.map_err(|error| match error.code() {
            Some(_) => DeployError::Credentials(error),
            None => DeployError::Aws(error),
        })?;
        let name = self
            .code_bucket
            .clone()
            .unwrap_or_else(|| format!("{}-provisioning-code-{account_id}-{}", self.app_unique_id, aws.region));
        Ok(Bucket { name, account_id })
    }
}
