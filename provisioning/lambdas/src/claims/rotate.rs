//! A new certificate for a claim, now.

use aws::Transport;
use aws::secrets_manager::{INVALID_REQUEST, describe_secret, rotate_secret};
use shared::{ClaimName, Refusal};

use super::create::token_of;
use super::request::ClaimAnswer;
use super::{Claims, RotationStep};
use crate::Failure;

impl<T: Transport> Claims<T> {
    /// Begins a rotation in Secrets Manager, which does its steps by and by. Where claims are not rotated by themselves,
    /// Secrets Manager knows no function to call, and the steps are done here; one that was interrupted is finished.
    pub(super) async fn rotate(&self, name: &ClaimName, by: &str) -> Result<ClaimAnswer, Failure> {
        let secret_id = self.secret_of(name);
        let Some(secret) = describe_secret(&self.aws, &secret_id).await? else {
            return Ok(ClaimAnswer::Refused(Refusal::NoSuchClaimName));
        };
        let fresh = token_of(&format!("{} {}", secret.arn, self.aws.now()));
        if secret.rotation_enabled {
            return match rotate_secret(&self.aws, &secret.arn, &fresh).await {
                Err(error) if error.code() == Some(INVALID_REQUEST) => {
                    Ok(ClaimAnswer::Refused(Refusal::RotationUnderWay))
                }
                result => {
                    result?;
                    Ok(ClaimAnswer::Done(vec![format!("began a rotation of {secret_id}")]))
                }
            };
        }
        let unfinished = secret.version_with("AWSPENDING").filter(|version| !secret.has_label(version, "AWSCURRENT"));
        let version = unfinished.map_or(fresh, str::to_owned);
        let mut done = Vec::new();
        for step in RotationStep::ALL {
            done.extend(self.take_step(step, &secret.arn, &version, by).await?);
        }
        Ok(ClaimAnswer::Done(done))
    }
}
