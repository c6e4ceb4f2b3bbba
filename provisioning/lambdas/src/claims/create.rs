//! A claim under a new name.

use aws::Transport;
use aws::secrets_manager::{
    SecretDescription, create_secret_without_value, describe_secret, schedule_rotation, token_of,
};
use shared::{ClaimName, ClaimRecord, ClaimState, Refusal};

use super::request::ClaimAnswer;
use super::unfinished::{claim_in, give_up_unusable_version};
use super::{Claims, RotationStep};
use crate::Failure;

impl<T: Transport> Claims<T> {
    /// Makes a claim certificate under a name that has none, in the steps of a rotation that replaces nothing. One that was
    /// begun and interrupted is finished. `request` stands for this request.
    pub(super) async fn create(&self, name: &ClaimName, by: &str, request: &str) -> Result<ClaimAnswer, Failure> {
        let taken = Ok(ClaimAnswer::Refused(Refusal::ClaimNameTaken));
        if name.is_default() {
            return taken;
        }
        let rows = self.rows_of(name).await?;
        let secret_id = self.secret_of(name);
        let in_use = rows.iter().any(|row| matches!(row.state, ClaimState::Current | ClaimState::Retiring));
        if in_use && !self.lacks_its_schedule(&secret_id).await? {
            return taken;
        }
        let description = format!("Claim certificate and key of {name}: whoever reads it can ask to be provisioned.");
        match create_secret_without_value(&self.aws, &secret_id, &description, &self.kms_key_id).await {
            Err(error) if error.code() == Some("ResourceExistsException") => {}
            result => result?,
        }
        let secret = describe_secret(&self.aws, &secret_id).await?.ok_or_else(|| {
            format!("the secret {secret_id} waits for its deletion: choose another name, or restore it")
        })?;
        let version = self.version_to_make(&secret, &rows, request).await?;
        let mut done = vec![format!("made the secret {secret_id}")];
        for step in RotationStep::ALL {
            done.extend(self.take_step(step, &secret.arn, &version, by).await?);
        }
        if let (Some(days), false) = (self.rotation_days, secret.rotation_enabled) {
            schedule_rotation(&self.aws, &secret.arn, &self.rotation_function, days).await?;
            done.push(format!("rotated by itself every {days} days"));
        }
        Ok(ClaimAnswer::Done(done))
    }

    /// Whether a secret is still as its creation left it, which ended before it was rotated by itself.
    async fn lacks_its_schedule(&self, secret_id: &str) -> Result<bool, Failure> {
        let secret = describe_secret(&self.aws, secret_id).await?;
        let as_made = |secret: SecretDescription| {
            !secret.rotation_enabled && secret.has_label(&token_of(&secret.arn), "AWSCURRENT")
        };
        Ok(self.rotation_days.is_some() && secret.is_some_and(as_made))
    }

    /// The same version whenever this is repeated for the same secret, unless what was made in it ended.
    async fn version_to_make(
        &self,
        secret: &SecretDescription,
        rows: &[ClaimRecord],
        request: &str,
    ) -> Result<String, Failure> {
        let gave_up = give_up_unusable_version(&self.aws, &self.tables, secret, rows).await?;
        if let (Some(unfinished), false) = (secret.unfinished_version(), gave_up) {
            return Ok(unfinished.to_owned());
        }
        let first = token_of(&secret.arn);
        let made = claim_in(&self.aws, secret, &first).await?;
        let ended = |row: &ClaimRecord| row.state.has_ended() && made.as_ref().is_some_and(|made| made.id == row.id);
        let is_over = rows.iter().any(ended);
        Ok(if is_over { token_of(&format!("{} {request}", secret.arn)) } else { first })
    }
}
