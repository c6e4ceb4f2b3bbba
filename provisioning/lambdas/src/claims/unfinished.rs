//! What an earlier rotation left.

use aws::secrets_manager::{SecretDescription, get_secret_version};
use aws::tables::TableNames;
use aws::{Aws, Transport, claim_records, perform};
use provisioning_rules::{ClaimInSecret, give_up_version};
use shared::{ClaimName, ClaimRecord, ClaimState};

use super::{Claims, RotationStep, read_claim};
use crate::{Failure, log};

/// Gives up the version of a rotation that can never be finished; whether there was one. As long as there is, Secrets Manager
/// takes the rotation for one under way, and refuses another one and other rules.
pub(crate) async fn give_up_unusable_version<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    secret: &SecretDescription,
    rows: &[ClaimRecord],
) -> Result<bool, Failure> {
    let Some(version) = secret.unfinished_version() else { return Ok(false) };
    let made = match claim_in(aws, secret, version).await {
        Ok(made) => made,
        // Whoever put it there knows what it is for, or corrects it.
        Err(problem) => {
            log::warn("a version under rotation cannot be read", &[("problem", problem.to_string())]);
            return Ok(false);
        }
    };
    let effects = give_up_version(&secret.name, version, made.as_ref(), rows);
    let gave_up = !effects.is_empty();
    perform(aws, tables, effects, |effect| log::info("performing", &[("effect", effect.to_string())])).await?;
    Ok(gave_up)
}

/// The claim in a version of a secret, if it has one.
pub(super) async fn claim_in<T: Transport>(
    aws: &Aws<T>,
    secret: &SecretDescription,
    version: &str,
) -> Result<Option<ClaimInSecret>, Failure> {
    let text = get_secret_version(aws, &secret.arn, version).await?;
    text.map(|text| read_claim(&secret.name, &text)).transpose()
}

impl<T: Transport> Claims<T> {
    /// Every certificate recorded under a name.
    pub(super) async fn rows_of(&self, name: &ClaimName) -> Result<Vec<ClaimRecord>, Failure> {
        let (rows, unreadable) = claim_records(&self.aws, &self.tables).await?;
        for row in unreadable {
            log::warn("unreadable row", &[("row", row.to_string())]);
        }
        Ok(rows.into_iter().filter(|row| row.name == *name).collect())
    }

    /// Finishes the rotation that gave plants a certificate and ended before that was recorded. What was done.
    pub(super) async fn finish_unrecorded(
        &self,
        secret: &SecretDescription,
        rows: &[ClaimRecord],
        by: &str,
    ) -> Result<Vec<String>, Failure> {
        let mut done = Vec::new();
        let prepared: Vec<_> = rows.iter().filter(|row| row.state == ClaimState::Preparing).collect();
        let current = secret.version_with("AWSCURRENT").filter(|_| !prepared.is_empty());
        let Some(current) = current else { return Ok(done) };
        let Some(claim) = claim_in(&self.aws, secret, current).await? else { return Ok(done) };
        if prepared.iter().any(|row| row.id == claim.id) {
            for step in [RotationStep::SetSecret, RotationStep::TestSecret, RotationStep::FinishSecret] {
                done.extend(self.take_step(step, &secret.arn, current, by).await?);
            }
        }
        Ok(done)
    }
}
