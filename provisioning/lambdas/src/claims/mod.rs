//! Claim certificates: made under a name, and rotated in the four steps of Secrets Manager.

mod create;
mod fresh;
mod in_secret;
mod request;
mod rotate;
mod step;
mod unfinished;

pub(crate) use in_secret::read_claim;
pub use request::{ClaimAnswer, claims};
pub use step::{RotationStep, rotate_claim};
pub(crate) use unfinished::give_up_unusable_version;

use aws::tables::{MissingSetting, TableNames};
use aws::{Aws, NativeTransport, PerformError, Transport, perform};
use provisioning_rules::Effect;
use shared::{ClaimName, SignedDuration};

use crate::environment::{aws_from_environment, setting};
use crate::{Failure, log};

/// What is done to claim certificates is done with this.
pub struct Claims<T> {
    /// The way to AWS.
    pub aws: Aws<T>,
    /// Where the tables are.
    pub tables: TableNames,
    /// The policy that makes a certificate a claim certificate.
    pub claim_policy: String,
    /// The secret of the claim with the default name. Those of the others are below it.
    pub secret: String,
    /// The key that encrypts the secrets.
    pub kms_key_id: String,
    /// How long a claim certificate that was replaced goes on working.
    pub overlap: SignedDuration,
    /// After how many days each claim is rotated by itself; `None` where it is not.
    pub rotation_days: Option<u32>,
    /// The function that rotates.
    pub rotation_function: String,
    /// Where each effect is written before it is attempted.
    pub log: fn(&Effect),
}

impl Claims<NativeTransport> {
    /// Reads the environment variables. The error names the variable that is missing or wrong.
    pub fn read() -> Result<Self, Failure> {
        let required = |name: &'static str| setting(name).ok_or(MissingSetting(name));
        let days = |name: &'static str| -> Result<u32, Failure> {
            required(name)?.parse().map_err(|_| format!("{name} is no number of days").into())
        };
        Ok(Claims {
            aws: aws_from_environment()?,
            tables: TableNames::from_settings(setting)?,
            claim_policy: required("CLAIM_POLICY_NAME")?,
            secret: required("CLAIM_SECRET_NAME")?,
            kms_key_id: required("DATA_KEY_ARN")?,
            overlap: SignedDuration::from_hours(i64::from(days("CLAIM_OVERLAP_DAYS")?) * 24),
            rotation_days: Some(days("CLAIM_ROTATION_DAYS")?).filter(|days| *days > 0),
            // Only the function that rotates does without.
            rotation_function: setting("ROTATE_CLAIM_FUNCTION_ARN").unwrap_or_default(),
            log: |effect| log::info("performing", &[("effect", effect.to_string())]),
        })
    }
}

impl<T: Transport> Claims<T> {
    /// What the claim in this secret is for.
    fn name_of(&self, secret: &str) -> Result<ClaimName, Failure> {
        let name = match secret.strip_prefix(&self.secret) {
            Some("") => return Ok(ClaimName::default_name()),
            Some(rest) => rest.strip_prefix('/').and_then(|name| ClaimName::try_from(name.to_owned()).ok()),
            None => None,
        };
        let unknown =
            || format!("the secret {secret} is no claim's: this function rotates {0} and {0}/<name>", self.secret);
        name.ok_or_else(|| unknown().into())
    }

    /// The secret of the claim with this name.
    fn secret_of(&self, name: &ClaimName) -> String {
        if name.is_default() { self.secret.clone() } else { format!("{}/{name}", self.secret) }
    }

    /// Carries out effects, each logged before it is attempted. What was done, in plain words.
    async fn perform(&self, effects: Vec<Effect>) -> Result<Vec<String>, PerformError> {
        let done = perform(&self.aws, &self.tables, effects, self.log).await?;
        Ok(done.steps.into_iter().map(|step| step.what).collect())
    }
}
