//! A new certificate for a claim's name, in the four steps of Secrets Manager. Each step may be interrupted anywhere and
//! repeated: it is decided from the facts alone, and finishes what was begun.
//!
//! The new certificate is made and kept before AWS IoT hears of it, so its id is known first: it is in the table before it
//! is in AWS IoT, and nothing is left behind that nobody knows. The old one goes on working: not until its end does
//! anything happen to it.

use shared::{CertificateStatus, ClaimCertificateId, ClaimName, ClaimRecord, ClaimState, SignedDuration, Timestamp};

use super::end_retiring::leave;
use super::{ClaimSuccession, SecretText, adopt_claim};
use crate::Effect;

/// A claim certificate as a version of its secret holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimInSecret {
    /// The certificate.
    pub id: ClaimCertificateId,
    /// Its ARN.
    pub arn: String,
    /// The certificate in PEM.
    pub certificate_pem: String,
    /// Whether the key beside it is its own.
    pub key_fits: bool,
}

/// All that is known of a rotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RotationFacts {
    /// What the claim is for.
    pub name: ClaimName,
    /// The secret, by name.
    pub secret_id: String,
    /// The version of the secret that this rotation makes: the token Secrets Manager gave for it.
    pub version: String,
    /// Whether that version waits to become the current one.
    pub is_pending: bool,
    /// Whether it is the current one.
    pub is_current: bool,
    /// The certificate in that version, once it is made.
    pub made: Option<ClaimInSecret>,
    /// The version that is current, where that is another one, and the certificate in it, if it has a value.
    pub current: Option<(String, Option<ClaimInSecret>)>,
    /// Every certificate recorded under this name.
    pub rows: Vec<ClaimRecord>,
    /// What AWS IoT says of the certificate that was made, or, where none was, of the current one.
    pub reported: Option<CertificateStatus>,
    /// The policies of that certificate.
    pub policies: Vec<String>,
    /// The policy that makes a certificate a claim certificate.
    pub claim_policy: String,
    /// Who or what asked for the rotation.
    pub by: String,
    /// When this is decided.
    pub now: Timestamp,
}

/// Why a step of a rotation cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RotationProblem {
    /// The first step was not done.
    #[error("No new certificate was made for the claim {0}: rotate it from its first step on.")]
    NothingMade(ClaimName),
    /// The second step was not done.
    #[error("The new certificate of the claim {0} is not registered in AWS IoT: rotate it again.")]
    NotRegistered(ClaimName),
    /// The policy is missing.
    #[error(
        "The certificate of the claim {name} does not have the policy {policy}: attach it, or rotate the claim again."
    )]
    NoPolicy {
        /// The claim.
        name: ClaimName,
        /// The policy.
        policy: String,
    },
    /// Key and certificate are two things.
    #[error("The key in the secret {0} is not that of its certificate: rotate the claim again.")]
    KeyDoesNotFit(String),
    /// Burned before it was current.
    #[error(
        "The new certificate of the claim {0} was taken out of use before it was the current one: rotate the claim again."
    )]
    Burned(ClaimName),
    /// The version is none of those that count.
    #[error("The version {version} of the secret {secret_id} is not being rotated: another rotation took its place.")]
    NotUnderRotation {
        /// The secret.
        secret_id: String,
        /// The version.
        version: String,
    },
}

impl RotationFacts {
    fn made(&self) -> Result<&ClaimInSecret, RotationProblem> {
        self.made.as_ref().ok_or_else(|| RotationProblem::NothingMade(self.name.clone()))
    }

    fn row(&self, id: &ClaimCertificateId) -> Option<&ClaimRecord> {
        self.rows.iter().find(|row| row.id == *id)
    }

    /// The row of the certificate that was made, which must not have ended.
    fn row_in_use(&self, id: &ClaimCertificateId) -> Result<Option<&ClaimRecord>, RotationProblem> {
        match self.row(id) {
            Some(row) if row.state.has_ended() => Err(RotationProblem::Burned(self.name.clone())),
            row => Ok(row),
        }
    }

    /// The certificates that the one that was made takes the place of: what the table calls current, and what plants read,
    /// also where the rotation that gave it to them ended before that was recorded.
    pub fn replaced(&self) -> impl Iterator<Item = &ClaimRecord> {
        self.others().filter(|row| {
            row.state == ClaimState::Current || (row.state == ClaimState::Preparing && self.plants_have(&row.id))
        })
    }

    /// The certificates of rotations that were given up before plants had them.
    pub fn abandoned(&self) -> impl Iterator<Item = &ClaimRecord> {
        self.others().filter(|row| row.state == ClaimState::Preparing && !self.plants_have(&row.id))
    }

    fn others(&self) -> impl Iterator<Item = &ClaimRecord> {
        let made = self.made.as_ref().map(|made| &made.id);
        self.rows.iter().filter(move |row| Some(&row.id) != made)
    }

    /// Whether the current version of the secret holds this certificate.
    fn plants_have(&self, id: &ClaimCertificateId) -> bool {
        matches!(&self.current, Some((_, Some(current))) if current.id == *id)
    }
}

/// Whether the version under rotation will never become current: its certificate's use is over, or its key is another one's.
/// The label that says that it is under rotation is taken off it then, or nothing could ever be rotated again.
pub fn give_up_version(
    secret_id: &str,
    version: &str,
    made: Option<&ClaimInSecret>,
    rows: &[ClaimRecord],
) -> Vec<Effect> {
    let has_ended = |made: &ClaimInSecret| rows.iter().any(|row| row.id == made.id && row.state.has_ended());
    if made.is_some_and(|made| !made.key_fits || has_ended(made)) {
        vec![Effect::GiveUpClaimSecret { secret_id: secret_id.to_owned(), version: version.to_owned() }]
    } else {
        Vec::new()
    }
}

/// The first step, `createSecret`: `fresh` is kept as the version under rotation, unless one was made before.
pub fn prepare_claim(facts: &RotationFacts, fresh: impl FnOnce() -> SecretText) -> Vec<Effect> {
    if facts.made.is_some() {
        return Vec::new();
    }
    vec![Effect::KeepClaimSecret { secret_id: facts.secret_id.clone(), version: facts.version.clone(), text: fresh() }]
}

/// The second step, `setSecret`: AWS IoT gets to know the new certificate, which does not work yet.
pub fn register_claim(facts: &RotationFacts) -> Result<Vec<Effect>, RotationProblem> {
    let made = facts.made()?;
    facts.row_in_use(&made.id)?;
    let mut effects = Vec::new();
    // One of an older deployment gets its record now, so that its replacement can be recorded.
    if let Some((_, Some(current))) = &facts.current
        && facts.row(&current.id).is_none()
    {
        let found = adopt_claim(&current.id, facts.name.clone(), &facts.secret_id, None, &facts.rows, facts.now);
        effects.push(Effect::RecordClaim(Box::new(found)));
    }
    effects.extend([
        Effect::RecordClaim(Box::new(ClaimRecord {
            id: made.id.clone(),
            name: facts.name.clone(),
            secret_id: facts.secret_id.clone(),
            state: ClaimState::Preparing,
            created_at: facts.now,
            created_by: facts.by.clone(),
            retiring_since: None,
            retire_at: None,
            expected_at_retirement: None,
            replaced_by: None,
            ended_at: None,
            ended_by: None,
            reason: None,
        })),
        Effect::RegisterClaim { id: made.id.clone(), certificate_pem: made.certificate_pem.clone() },
        Effect::AttachClaimPolicy {
            id: made.id.clone(),
            certificate_arn: made.arn.clone(),
            policy: facts.claim_policy.clone(),
        },
    ]);
    Ok(effects)
}

/// The third step, `testSecret`: whether the new certificate is what it should be. It changes nothing.
///
/// Secrets Manager also asks this to try out a rotation's settings, when nothing was made: then it is about the current one.
pub fn check_claim(facts: &RotationFacts) -> Result<(), RotationProblem> {
    let current = facts.current.as_ref().and_then(|(_, claim)| claim.as_ref());
    let claim = match (&facts.made, current) {
        (Some(claim), _) | (None, Some(claim)) => claim,
        (None, None) => return Err(RotationProblem::NothingMade(facts.name.clone())),
    };
    // A key that AWS IoT made, of a kind that is not read here, is in use: that it fits is seen every day.
    if facts.made.is_some() && !claim.key_fits {
        return Err(RotationProblem::KeyDoesNotFit(facts.secret_id.clone()));
    }
    if facts.reported.is_none() {
        return Err(RotationProblem::NotRegistered(facts.name.clone()));
    }
    if !facts.policies.contains(&facts.claim_policy) {
        return Err(RotationProblem::NoPolicy { name: facts.name.clone(), policy: facts.claim_policy.clone() });
    }
    Ok(())
}

/// The fourth step, `finishSecret`: the new certificate works, then plants get it, then it is recorded as what its name
/// stands for. What it replaces goes on working for `overlap`; `expected` tells how many VINs are still expected with each.
///
/// A certificate that a rotation made and that never came to be used leaves; `reported` tells what AWS IoT says of each.
pub fn finish_rotation(
    facts: &RotationFacts,
    expected: impl Fn(&ClaimCertificateId) -> u32,
    reported: impl Fn(&ClaimCertificateId) -> Option<CertificateStatus>,
    overlap: SignedDuration,
) -> Result<Vec<Effect>, RotationProblem> {
    let made = facts.made()?;
    if !facts.is_pending && !facts.is_current {
        return Err(RotationProblem::NotUnderRotation {
            secret_id: facts.secret_id.clone(),
            version: facts.version.clone(),
        });
    }
    let Some(row) = facts.row_in_use(&made.id)? else {
        return Err(RotationProblem::NotRegistered(facts.name.clone()));
    };
    let mut effects = Vec::new();
    if facts.reported != Some(CertificateStatus::Active) {
        effects.push(Effect::ActivateCertificate(made.id.0.clone()));
    }
    if !facts.is_current {
        effects.push(Effect::MakeClaimSecretCurrent {
            id: made.id.clone(),
            secret_id: facts.secret_id.clone(),
            version: facts.version.clone(),
            in_place_of: facts.current.as_ref().map(|(version, _)| version.clone()),
        });
    }
    let replaced: Vec<_> = facts.replaced().map(|row| (row.id.clone(), expected(&row.id))).collect();
    if row.state != ClaimState::Current || !replaced.is_empty() {
        effects.push(Effect::RecordClaimSuccession(Box::new(ClaimSuccession {
            current: made.id.clone(),
            replaced,
            at: facts.now,
            retire_at: facts.now.saturating_add(overlap).unwrap_or(Timestamp::MAX),
        })));
    }
    let leave_it = |row: &ClaimRecord| leave(row, reported(&row.id), "its rotation was given up", facts.now);
    effects.extend(facts.abandoned().flat_map(leave_it));
    Ok(effects)
}
