//! A claim under a new name.

use aws::secrets_manager::{create_secret_without_value, describe_secret, schedule_rotation};
use aws::{Transport, claim_records};
use sha2::{Digest, Sha256};
use shared::{ClaimName, ClaimState, Refusal};

use super::request::ClaimAnswer;
use super::{Claims, RotationStep};
use crate::Failure;

impl<T: Transport> Claims<T> {
    /// Makes a claim certificate under a name that has none, in the steps of a rotation that replaces nothing. One that was
    /// begun and interrupted is finished.
    pub(super) async fn create(&self, name: &ClaimName, by: &str) -> Result<ClaimAnswer, Failure> {
        let (rows, _) = claim_records(&self.aws, &self.tables).await?;
        let in_use = rows.iter().any(|row| row.name == *name && row.state != ClaimState::Preparing);
        if name.is_default() || in_use {
            return Ok(ClaimAnswer::Refused(Refusal::ClaimNameTaken));
        }
        let secret_id = self.secret_of(name);
        let description = format!("Claim certificate and key of {name}: whoever reads it can ask to be provisioned.");
        match create_secret_without_value(&self.aws, &secret_id, &description, &self.kms_key_id).await {
            Err(error) if error.code() == Some("ResourceExistsException") => {}
            result => result?,
        }
        let secret = describe_secret(&self.aws, &secret_id).await?.ok_or_else(|| {
            format!("the secret {secret_id} waits for its deletion: choose another name, or restore it")
        })?;
        // The same version whenever this is repeated for the same secret.
        let version = token_of(&secret.arn);
        let mut done = vec![format!("made the secret {secret_id}")];
        for step in RotationStep::ALL {
            done.extend(self.take_step(step, &secret.arn, &version, by).await?);
        }
        if let Some(days) = self.rotation_days {
            schedule_rotation(&self.aws, &secret.arn, &self.rotation_function, days).await?;
            done.push(format!("rotated by itself every {days} days"));
        }
        Ok(ClaimAnswer::Done(done))
    }
}

/// A token of 32 to 64 characters that stands for a text.
pub(super) fn token_of(text: &str) -> String {
    Sha256::digest(text).iter().take(20).map(|byte| format!("{byte:02x}")).collect()
}
