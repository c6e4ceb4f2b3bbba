//! What this edge is configured with.

use aws::tables::TableNames;
use aws::{Aws, Credentials, Transport};
use provisioning_rules::Effect;
use shared::api::ApiError;
use shared::{DEFAULT_VIN_PATTERN, Timestamp, Vin, VinPattern};

/// One deployment of vehicle provisioning, as seen from the edge.
pub struct Deployment<T> {
    /// The way to AWS.
    pub aws: Aws<T>,
    /// Where the tables are.
    pub tables: TableNames,
    /// The template that vehicles register with.
    pub provisioning_template: String,
    /// The policy that makes a certificate a claim certificate.
    pub claim_policy: String,
    /// The function that makes and rotates claims.
    pub claims_function: String,
    /// Which VINs this deployment takes.
    pub vin_pattern: VinPattern,
    /// The operator who counts as signed in, which only the local stack says.
    pub(crate) local_operator: Option<String>,
    log: fn(&str),
}

impl<T: Transport> Deployment<T> {
    /// Reads the settings. The error says which one is missing or wrong, for the operator to pass on.
    pub fn read(transport: T, setting: impl Fn(&str) -> Option<String>, log: fn(&str)) -> Result<Self, String> {
        let setting = |name: &str| setting(name).filter(|value| !value.is_empty());
        let required = |name: &str| setting(name).ok_or_else(|| format!("the setting {name} is missing."));
        let pattern = setting("VIN_PATTERN").unwrap_or_else(|| DEFAULT_VIN_PATTERN.to_owned());
        let credentials = Credentials::from_settings(setting).map_err(|error| error.to_string())?;
        Ok(Deployment {
            aws: Aws::new(transport, &required("AWS_REGION")?, credentials, setting),
            tables: TableNames::from_settings(setting).map_err(|error| error.to_string())?,
            provisioning_template: required("PROVISIONING_TEMPLATE_NAME")?,
            claim_policy: required("CLAIM_POLICY_NAME")?,
            claims_function: required("CLAIMS_FUNCTION_NAME")?,
            vin_pattern: VinPattern::parse(&pattern).map_err(|error| error.to_string())?,
            local_operator: setting("LOCAL_OPERATOR"),
            log,
        })
    }

    /// The time now.
    pub(crate) fn now(&self) -> Timestamp {
        self.aws.now()
    }

    /// The VIN an operator typed, in its one spelling.
    pub(crate) fn vin(&self, typed: &str) -> Result<Vin, ApiError> {
        Vin::parse(typed, &self.vin_pattern).map_err(|problem| ApiError::InvalidVin { problem: problem.to_string() })
    }

    /// Writes an effect that is about to be attempted to the log.
    pub(crate) fn log_effect(&self, operator: &str, effect: &Effect) {
        let line = serde_json::json!({ "operator": operator, "performing": effect.to_string() });
        (self.log)(&line.to_string());
    }

    /// Writes to the log what is about to be attempted and is no effect.
    pub(crate) fn log_attempt(&self, operator: &str, attempt: &str) {
        let line = serde_json::json!({ "operator": operator, "performing": attempt });
        (self.log)(&line.to_string());
    }

    /// Writes a failed request to the log.
    pub(crate) fn log_failure(&self, request: &str, error: &ApiError) {
        let line = serde_json::json!({ "request": request, "failed": error.to_string() });
        (self.log)(&line.to_string());
    }
}
