//! The end of a claim certificate that a rotation replaced.

use shared::{ClaimRecord, ClaimState, Timestamp};

use super::ClaimEnd;
use crate::Effect;

/// Takes a retiring claim certificate out of use when its time is over, or when the last VIN that was expected with it has
/// come. `expected_left` is how many are still expected; `None` where that cannot be told.
///
/// The record comes last, so that an end that was interrupted is finished the next time. A certificate that no VIN was
/// expected with may be on vehicles that nobody announced: it works until its time is over.
pub fn end_retiring(record: &ClaimRecord, expected_left: Option<u32>, now: Timestamp) -> Vec<Effect> {
    if record.state != ClaimState::Retiring {
        return Vec::new();
    }
    let all_have_come = record.expected_at_retirement.is_some_and(|expected| expected > 0) && expected_left == Some(0);
    let reason = if record.retire_at.is_some_and(|end| now >= end) {
        "its time was over"
    } else if all_have_come {
        "the last vehicle expected with it has come"
    } else {
        return Vec::new();
    };
    leave(record, reason, now)
}

/// Takes a claim certificate out of AWS IoT and records why.
pub(super) fn leave(record: &ClaimRecord, reason: &str, now: Timestamp) -> Vec<Effect> {
    let id = &record.id.0;
    vec![
        Effect::DeactivateCertificate(id.clone()),
        Effect::DetachCertificate(id.clone()),
        Effect::DeleteCertificate(id.clone()),
        Effect::RecordClaimEnded(ClaimEnd {
            id: record.id.clone(),
            state: ClaimState::Retired,
            at: now,
            by: None,
            reason: reason.to_owned(),
        }),
    ]
}
