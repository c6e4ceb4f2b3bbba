//! Takes the stack away.

use std::fmt;

use aws::{Aws, Transport};

use crate::up::follow;
use crate::{Absent, DeployError, Progress, StackOutputs, Target, cloudformation, iam, iot_policy};

/// What outlives the stack on purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remains {
    /// What the stack told before it went; nothing where there was no stack.
    pub outputs: Option<StackOutputs>,
    /// Where the stack was looked for in vain.
    pub absent: Option<Absent>,
    /// The policy that vehicles hold, where there are such vehicles.
    pub vehicle_policy: Option<String>,
}

/// Deletes the stack with the claim certificate and its secret, the console's access keys and the code bucket. The tables
/// with their key remain, and so does the vehicle policy while a vehicle holds it. That any of it is gone already is success.
pub async fn down<T: Transport>(
    aws: &Aws<T>,
    target: &Target,
    tell: &mut impl FnMut(Progress),
) -> Result<Remains, DeployError> {
    let name = target.stack_name();
    let bucket = target.bucket(aws).await?;
    let mut remains = Remains::default();
    if let Some(stack) = cloudformation::describe(aws, &name).await? {
        remains.outputs = StackOutputs::of(&stack, &name).ok();
        // IAM deletes no user that has a key, and CloudFormation did not make the keys.
        let user = target.console_user_name();
        for key in iam::access_key_ids(aws, &user).await? {
            iam::delete_access_key(aws, &user, &key).await?;
            tell(Progress::DeletedConsoleKey(key));
        }
        let known = cloudformation::event_ids(aws, &stack.id).await?;
        tell(Progress::Began("deleting", name.clone()));
        cloudformation::delete(aws, &name).await?;
        follow(aws, &stack.id, known, tell).await?;
    } else {
        remains.absent = Some(target.absent(aws).await);
    }
    let policy = target.vehicle_policy_name();
    if !iot_policy::delete_unless_held(aws, &policy).await? {
        remains.vehicle_policy = Some(policy);
    }
    if bucket.delete(aws).await? {
        tell(Progress::DeletedBucket(bucket.name));
    }
    Ok(remains)
}

impl fmt::Display for Remains {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(absent) = &self.absent {
            writeln!(formatter, "Nothing to delete: {absent}.")?;
        }
        if let Some(outputs) = &self.outputs {
            let tables = [
                ("AuthorizedVehiclesTableName", &outputs.authorized_vehicles_table),
                ("ProvisionedVehiclesTableName", &outputs.provisioned_vehicles_table),
                ("ProvisioningAttemptsTableName", &outputs.provisioning_attempts_table),
                ("OperatorActionsTableName", &outputs.operator_actions_table),
                ("ClaimCertificatesTableName", &outputs.claim_certificates_table),
            ];
            let names: Vec<&str> = tables.iter().map(|(_, name)| name.as_str()).collect();
            let settings: Vec<String> =
                tables.iter().map(|(parameter, name)| format!("--set {parameter}={name}")).collect();
            writeln!(
                formatter,
                "Kept: the tables {}, and their key {}.\nTo use them again: deploy up {}",
                names.join(", "),
                outputs.table_key_arn,
                settings.join(" "),
            )?;
        }
        if let Some(policy) = &self.vehicle_policy {
            writeln!(formatter, "Kept: the IoT policy {policy}, which vehicles hold; `deploy up` uses it again.")?;
        }
        Ok(())
    }
}
