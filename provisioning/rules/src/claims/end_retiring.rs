//! The end of a claim certificate that a rotation replaced.

use shared::{CertificateStatus, ClaimCertificateId, ClaimRecord, ClaimState, Count, Timestamp};

use super::ClaimEnd;
use crate::Effect;

/// Who has not come yet, of the vehicles that may; a number that cannot be told is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StillToCome {
    /// How many are expected with the claim certificate in question.
    pub with_it: Option<Count>,
    /// How many are expected with no claim certificate in particular, so that any may be on them.
    pub with_any: Option<Count>,
}

impl StillToCome {
    /// Whether it is known that there is nobody.
    fn nobody(&self) -> bool {
        let none = |count: Option<Count>| count.is_some_and(|count| count.number == 0 && !count.or_more);
        none(self.with_it) && none(self.with_any)
    }
}

/// Takes a retiring claim certificate out of use when its time is over, or when the last vehicle that may come with it has
/// come. `reported` is what AWS IoT says of it.
///
/// The record comes last, so that an end that was interrupted is finished the next time. A certificate that no VIN was
/// expected with may be on vehicles that nobody announced: it works until its time is over. So does every one while a
/// vehicle may come of which nobody said with which claim.
pub fn end_retiring(
    record: &ClaimRecord,
    still_to_come: StillToCome,
    reported: Option<CertificateStatus>,
    now: Timestamp,
) -> Vec<Effect> {
    if record.state != ClaimState::Retiring {
        return Vec::new();
    }
    let were_expected = record.expected_at_retirement.is_some_and(|expected| expected > 0);
    let reason = if is_over(record, now) {
        "its time was over"
    } else if were_expected && still_to_come.nobody() {
        "the last vehicle expected with it has come"
    } else {
        return Vec::new();
    };
    leave(record, reported, reason, now)
}

/// Whether a retiring claim certificate has worked for as long as it was to.
pub fn is_over(record: &ClaimRecord, now: Timestamp) -> bool {
    record.retire_at.is_some_and(|end| now >= end)
}

/// Takes a claim certificate out of AWS IoT and records why.
pub(super) fn leave(
    record: &ClaimRecord,
    reported: Option<CertificateStatus>,
    reason: &str,
    now: Timestamp,
) -> Vec<Effect> {
    let mut effects = take_claim_away(&record.id, reported);
    effects.push(Effect::RecordClaimEnded(ClaimEnd {
        id: record.id.clone(),
        state: ClaimState::Retired,
        at: now,
        by: None,
        reason: reason.to_owned(),
    }));
    effects
}

/// Takes a claim certificate out of AWS IoT, of which that says `reported`.
pub fn take_claim_away(id: &ClaimCertificateId, reported: Option<CertificateStatus>) -> Vec<Effect> {
    let id = &id.0;
    let mut effects = Vec::new();
    // AWS IoT would refuse to make more of what is revoked.
    if !matches!(reported, None | Some(CertificateStatus::Revoked)) {
        effects.push(Effect::DeactivateCertificate(id.clone()));
    }
    effects.extend([Effect::DetachCertificate(id.clone()), Effect::DeleteCertificate(id.clone())]);
    effects
}
