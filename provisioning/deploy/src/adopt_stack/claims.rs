//! The policy of claim certificates that an earlier stack left.

use aws::{Aws, Transport};

use crate::{DeployError, Progress, iot_policy};

/// Takes the policy from whoever holds it, and deletes it. That it is gone is success.
pub(super) async fn release<T: Transport>(
    aws: &Aws<T>,
    policy: &str,
    tell: &mut impl FnMut(Progress),
) -> Result<(), DeployError> {
    let targets = match aws::iot::list_targets_for_policy(aws, policy).await {
        Ok(targets) => targets,
        Err(error) if error.is_not_found() => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for target in &targets {
        aws::iot::detach_policy(aws, policy, target).await?;
    }
    if iot_policy::delete_unless_held(aws, policy).await? {
        tell(Progress::Adopting(format!("deleted the claim policy {policy} of the stack before")));
    }
    Ok(())
}
