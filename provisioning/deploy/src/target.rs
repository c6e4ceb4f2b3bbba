//! Which stack is meant.

use aws::{Aws, Transport};

use crate::s3::{self, Bucket};
use crate::{Absent, DeployError, sts};

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
        let account_id = sts::account_id(aws).await?;
        let name =
            self.code_bucket.clone().unwrap_or_else(|| format!("{}{}", self.bucket_prefix(&account_id), aws.region));
        Ok(Bucket { name, account_id })
    }

    fn bucket_prefix(&self, account_id: &str) -> String {
        format!("{}-provisioning-code-{account_id}-", self.app_unique_id)
    }

    /// The stack that is not in this region, and the regions in which it may be: every deployment has a code bucket, and an
    /// account's buckets of all regions are in one list.
    pub(crate) async fn absent<T: Transport>(&self, aws: &Aws<T>) -> Absent {
        let regions = async {
            let prefix = self.bucket_prefix(&sts::account_id(aws).await?);
            let names = s3::bucket_names(aws).await?;
            Ok::<_, DeployError>(
                names.iter().filter_map(|name| name.strip_prefix(&prefix).map(str::to_owned)).collect(),
            )
        };
        // Whoever may not list buckets gets the sentence without them.
        let mut elsewhere: Vec<String> = regions.await.unwrap_or_default();
        elsewhere.retain(|region| *region != aws.region);
        Absent { stack: self.stack_name(), region: aws.region.clone(), elsewhere }
    }
}
