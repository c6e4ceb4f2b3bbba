//! What a function is configured with.

use std::env;
use std::time::Duration;

use aws::tables::{MissingSetting, TableNames};
use aws::{Aws, Credentials, NativeTransport, PerformError, Performed, perform};
use provisioning_rules::Effect;
use shared::{DEFAULT_VIN_PATTERN, VinPattern};

use crate::{Failure, log};

/// A single call may take this long before it is tried again.
const CALL_LIMIT: Duration = Duration::from_millis(1_500);

/// The function's settings, read once when it starts.
pub struct Environment {
    /// The way to AWS.
    pub aws: Aws<NativeTransport>,
    /// Where the tables are.
    pub tables: TableNames,
    /// The template that vehicles register with.
    pub provisioning_template: String,
    /// Which VINs this deployment takes.
    pub vin_pattern: VinPattern,
}

impl Environment {
    /// Reads the environment variables. The error names the variable that is missing or wrong.
    pub fn read() -> Result<Self, Failure> {
        let pattern = setting("VIN_PATTERN").unwrap_or_else(|| DEFAULT_VIN_PATTERN.to_owned());
        Ok(Environment {
            aws: aws_from_environment()?,
            tables: TableNames::from_settings(setting)?,
            provisioning_template: setting("PROVISIONING_TEMPLATE_NAME")
                .ok_or(MissingSetting("PROVISIONING_TEMPLATE_NAME"))?,
            vin_pattern: VinPattern::parse(&pattern)?,
        })
    }

    /// Carries out effects, each logged before it is attempted, each warning afterwards.
    pub(crate) async fn perform(&self, effects: Vec<Effect>) -> Result<Performed, PerformError> {
        let result = perform(&self.aws, &self.tables, effects, |effect| {
            log::info("performing", &[("effect", effect.to_string())]);
        })
        .await;
        if let Ok(done) = &result {
            for warning in done.warnings() {
                log::warn("left undone", &[("problem", warning.to_owned())]);
            }
        }
        result
    }
}

/// The way to AWS that Lambda's own variables describe.
pub(crate) fn aws_from_environment() -> Result<Aws<NativeTransport>, Failure> {
    let region = setting("AWS_REGION").ok_or(MissingSetting("AWS_REGION"))?;
    let credentials = Credentials::from_settings(setting)?;
    Ok(Aws::new(NativeTransport::new(CALL_LIMIT), &region, credentials, setting))
}

pub(crate) fn setting(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
