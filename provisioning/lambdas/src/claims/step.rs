//! One step of a rotation.

use aws::iot::{describe_certificate, list_attached_policies};
use aws::secrets_manager::{SecretDescription, describe_secret};
use aws::{PerformError, Transport, count_expected};
use provisioning_rules::{
    Effect, RotationFacts, RotationProblem, check_claim, finish_rotation, give_up_version, prepare_claim,
    register_claim,
};
use serde_json::Value;
use shared::{CertificateId, ClaimCertificateId};

use super::Claims;
use super::fresh::fresh_claim;
use super::unfinished::claim_in;
use crate::{Failure, log};

/// How often a step is decided again because the facts changed under it.
const DECISIONS: u32 = 3;

/// More vehicles than this are not counted one by one.
const COUNTED: u32 = 10_000;

/// The steps of a rotation, in the order in which they are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationStep {
    /// A new certificate is made and kept.
    CreateSecret,
    /// AWS IoT gets to know it.
    SetSecret,
    /// It is looked at.
    TestSecret,
    /// It takes the place of the old one, which goes on working.
    FinishSecret,
}

impl RotationStep {
    /// Every step.
    pub const ALL: [Self; 4] = [Self::CreateSecret, Self::SetSecret, Self::TestSecret, Self::FinishSecret];

    /// Secrets Manager's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreateSecret => "createSecret",
            Self::SetSecret => "setSecret",
            Self::TestSecret => "testSecret",
            Self::FinishSecret => "finishSecret",
        }
    }
}

/// Serves Secrets Manager's rotation: `{SecretId, ClientRequestToken, Step}`.
pub async fn rotate_claim<T: Transport>(claims: &Claims<T>, event: &Value) -> Result<Value, Failure> {
    let text = |name: &str| {
        event[name].as_str().ok_or_else(|| format!("the event lacks {name}: only Secrets Manager calls this"))
    };
    let (secret, version, word) = (text("SecretId")?, text("ClientRequestToken")?, text("Step")?);
    let step = RotationStep::ALL
        .into_iter()
        .find(|step| step.as_str() == word)
        .ok_or_else(|| format!("{word:?} is no step of a rotation"))?;
    log::info("rotating", &[("step", word.to_owned()), ("secret", secret.to_owned()), ("version", version.to_owned())]);
    claims.take_step(step, secret, version, "rotation").await?;
    Ok(Value::Null)
}

impl<T: Transport> Claims<T> {
    /// Takes one step of the rotation of a secret, by name or ARN, to this version. What was done, in plain words.
    pub async fn take_step(
        &self,
        step: RotationStep,
        secret_id: &str,
        version: &str,
        by: &str,
    ) -> Result<Vec<String>, Failure> {
        for _ in 0..DECISIONS {
            let (secret, facts) = self.gather(secret_id, version, by).await?;
            self.give_up_where_unusable(&facts).await?;
            let effects = match step {
                RotationStep::CreateSecret => {
                    let fresh = fresh_claim(&facts.name, |id| certificate_arn(&secret.arn, id))?;
                    prepare_claim(&facts, || fresh)
                }
                RotationStep::SetSecret => register_claim(&facts)?,
                RotationStep::TestSecret => {
                    check_claim(&facts)?;
                    Vec::new()
                }
                RotationStep::FinishSecret => {
                    let mut expected = Vec::new();
                    for replaced in facts.replaced() {
                        let counted = count_expected(&self.aws, &self.tables, &replaced.id, COUNTED).await?;
                        // Where nobody can tell, the claim works until its time is over.
                        expected.push((replaced.id.clone(), counted.map_or(0, |count| count.number)));
                    }
                    let count = |id: &ClaimCertificateId| {
                        expected.iter().find(|(known, _)| known == id).map_or(0, |(_, number)| *number)
                    };
                    let mut reported = Vec::new();
                    for abandoned in facts.abandoned() {
                        let described = describe_certificate(&self.aws, &abandoned.id.0).await?;
                        let status = described.and_then(|certificate| certificate.status);
                        reported.push((abandoned.id.clone(), status));
                    }
                    let reported = |id: &ClaimCertificateId| {
                        reported.iter().find(|(known, _)| known == id).and_then(|(_, status)| *status)
                    };
                    finish_rotation(&facts, count, reported, self.overlap)?
                }
            };
            match self.perform(effects).await {
                Ok(done) => return Ok(done),
                Err(PerformError::FactsChanged { .. }) => log::warn("deciding again", &[("secret", secret.name)]),
                Err(error) => return Err(error.into()),
            }
        }
        Err("the claim kept changing while it was rotated: this step is tried again".into())
    }

    async fn gather(
        &self,
        secret_id: &str,
        version: &str,
        by: &str,
    ) -> Result<(SecretDescription, RotationFacts), Failure> {
        let secret = describe_secret(&self.aws, secret_id)
            .await?
            .ok_or_else(|| format!("there is no secret {secret_id}, or it waits for its deletion"))?;
        let name = self.name_of(&secret.name)?;
        let made = claim_in(&self.aws, &secret, version).await?;
        let current = match secret.version_with("AWSCURRENT").filter(|current| *current != version) {
            Some(current) => Some((current.to_owned(), claim_in(&self.aws, &secret, current).await?)),
            None => None,
        };
        let rows = self.rows_of(&name).await?;
        let about = made.as_ref().or(current.as_ref().and_then(|(_, claim)| claim.as_ref()));
        let described = match about {
            Some(claim) => describe_certificate(&self.aws, &claim.id.0).await?,
            None => None,
        };
        let policies = match &described {
            Some(described) => list_attached_policies(&self.aws, &described.arn).await?,
            None => Vec::new(),
        };
        let facts = RotationFacts {
            rows,
            name,
            secret_id: secret.name.clone(),
            version: version.to_owned(),
            is_pending: secret.has_label(version, "AWSPENDING"),
            is_current: secret.has_label(version, "AWSCURRENT"),
            made,
            current,
            reported: described.and_then(|certificate| certificate.status),
            policies,
            claim_policy: self.claim_policy.clone(),
            by: by.to_owned(),
            now: self.aws.now(),
        };
        Ok((secret, facts))
    }

    /// Ends a rotation to a version that can never be used: Secrets Manager would try it again for ever, and no other one.
    async fn give_up_where_unusable(&self, facts: &RotationFacts) -> Result<(), Failure> {
        let (Some(made), true, false) = (&facts.made, facts.is_pending, facts.is_current) else { return Ok(()) };
        let effects: Vec<Effect> = give_up_version(&facts.secret_id, &facts.version, Some(made), &facts.rows);
        if effects.is_empty() {
            return Ok(());
        }
        self.perform(effects).await?;
        let problem = match made.key_fits {
            true => RotationProblem::Burned(facts.name.clone()),
            false => RotationProblem::KeyDoesNotFit(facts.secret_id.clone()),
        };
        Err(problem.into())
    }
}

/// The ARN of a certificate in the account and region of a secret.
fn certificate_arn(secret_arn: &str, id: &CertificateId) -> String {
    let mut parts = secret_arn.split(':').skip(1);
    let partition = parts.next().unwrap_or("aws");
    let mut parts = parts.skip(1);
    let (region, account) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    format!("arn:{partition}:iot:{region}:{account}:cert/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_in_the_account_and_region_of_its_secret() {
        let id = CertificateId::try_from("a".repeat(64)).unwrap();
        assert_eq!(
            certificate_arn("arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:cms/claim-AbCdEf", &id),
            format!("arn:aws-cn:iot:cn-north-1:123456789012:cert/{id}")
        );
    }
}
