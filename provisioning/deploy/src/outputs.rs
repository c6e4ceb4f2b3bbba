//! What a deployed stack tells.

use crate::DeployError;
use crate::cloudformation::Stack;

/// The stack's outputs: what the console's API, tools and tests need to know of it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct StackOutputs {
    /// The table of authorized vehicles.
    pub authorized_vehicles_table: String,
    /// The table of provisioned vehicles.
    pub provisioned_vehicles_table: String,
    /// The table of provisioning attempts.
    pub provisioning_attempts_table: String,
    /// The table of operators' actions.
    pub operator_actions_table: String,
    /// The table of claim certificates.
    pub claim_certificates_table: String,
    /// The function that makes and rotates claims for the console's API.
    pub claims_function: String,
    /// The function that Secrets Manager rotates claims with.
    pub rotate_claim_function: String,
    /// The function that does chores.
    pub housekeeping_function: String,
    /// The ARN of the KMS key of tables and claim secret.
    pub table_key_arn: String,
    /// The fleet provisioning template.
    pub template_name: String,
    /// The IoT policy of claim certificates.
    pub claim_policy_name: String,
    /// The secret that holds the claim certificate and its key, as JSON.
    pub claim_secret_id: String,
    /// The IoT policy of vehicles.
    pub vehicle_policy_name: String,
    /// The regular expression that a whole VIN matches.
    pub vin_pattern: String,
    /// The IAM user that the console's API is.
    pub console_user_name: String,
    /// The IAM role that this user may take on instead.
    pub console_role_arn: String,
    /// The queue of events that no function could handle.
    pub unhandled_events_queue_url: String,
}

impl StackOutputs {
    /// Reads the outputs of a stack. The error names the one that is missing.
    pub(crate) fn of(stack: &Stack, name: &str) -> Result<Self, DeployError> {
        let output = |output: &'static str| {
            stack
                .outputs
                .get(output)
                .cloned()
                .ok_or_else(|| DeployError::MissingOutput { stack: name.to_owned(), output })
        };
        Ok(StackOutputs {
            authorized_vehicles_table: output("AuthorizedVehiclesTableName")?,
            provisioned_vehicles_table: output("ProvisionedVehiclesTableName")?,
            provisioning_attempts_table: output("ProvisioningAttemptsTableName")?,
            operator_actions_table: output("OperatorActionsTableName")?,
            claim_certificates_table: output("ClaimCertificatesTableName")?,
            claims_function: output("ClaimsFunctionName")?,
            rotate_claim_function: output("RotateClaimFunctionName")?,
            housekeeping_function: output("HousekeepingFunctionName")?,
            table_key_arn: output("TableKeyArn")?,
            template_name: output("ProvisioningTemplateName")?,
            claim_policy_name: output("ClaimPolicyName")?,
            claim_secret_id: output("ClaimSecretId")?,
            vehicle_policy_name: output("VehiclePolicyName")?,
            vin_pattern: output("VinPattern")?,
            console_user_name: output("ConsoleUserName")?,
            console_role_arn: output("ConsoleRoleArn")?,
            unhandled_events_queue_url: output("UnhandledEventsQueueUrl")?,
        })
    }
}
