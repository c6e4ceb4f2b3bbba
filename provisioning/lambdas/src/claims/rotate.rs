//! A new certificate for a claim, now.

use aws::Transport;
use aws::secrets_manager::{INVALID_REQUEST, describe_secret, rotate_secret, token_of};
use shared::{ClaimName, Refusal};

use super::request::ClaimAnswer;
use super::unfinished::give_up_unusable_version;
use super::{Claims, RotationStep};
use crate::Failure;

impl<T: Transport> Claims<T> {
    /// Begins a rotation in Secrets Manager, which does its steps by and by. Where claims are not rotated by themselves,
    /// Secrets Manager knows no function to call, and the steps are done here; one that was interrupted is finished, and one
    /// that can never be finished is given up. `request` stands for this request: the same one rotates once, however often
    /// it comes.
    pub(super) async fn rotate(&self, name: &ClaimName, by: &str, request: &str) -> Result<ClaimAnswer, Failure> {
        let secret_id = self.secret_of(name);
        let Some(secret) = describe_secret(&self.aws, &secret_id).await? else {
            return Ok(ClaimAnswer::Refused(Refusal::NoSuchClaimName));
        };
        let fresh = token_of(&format!("{} {request}", secret.arn));
        let rows = self.rows_of(name).await?;
        let mut done = self.finish_unrecorded(&secret, &rows, by).await?;
        let gave_up = give_up_unusable_version(&self.aws, &self.tables, &secret, &rows).await?;
        if secret.rotation_enabled {
            let mut begun = rotate_secret(&self.aws, &secret.arn, &fresh).await;
            if matches!(&begun, Err(error) if error.code() == Some(INVALID_REQUEST)) {
                if self.is_under_way(&secret.arn).await? {
                    return Ok(ClaimAnswer::Refused(Refusal::RotationUnderWay));
                }
                // It may have ended just now; any other reason is said again.
                begun = rotate_secret(&self.aws, &secret.arn, &fresh).await;
            }
            begun?;
            done.push(format!("began a rotation of {secret_id}"));
            return Ok(ClaimAnswer::Done(done));
        }
        let unfinished = secret.unfinished_version().filter(|_| !gave_up);
        let version = unfinished.map_or(fresh, str::to_owned);
        for step in RotationStep::ALL {
            done.extend(self.take_step(step, &secret.arn, &version, by).await?);
        }
        Ok(ClaimAnswer::Done(done))
    }

    /// Whether a rotation is what Secrets Manager refused another one for.
    async fn is_under_way(&self, secret: &str) -> Result<bool, Failure> {
        let secret = describe_secret(&self.aws, secret).await?;
        Ok(secret.is_some_and(|secret| secret.unfinished_version().is_some()))
    }
}
