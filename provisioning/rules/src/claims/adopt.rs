//! A claim certificate that nobody recorded: one of an older deployment, or one that was given the claim policy by hand.

use shared::{ClaimCertificateId, ClaimName, ClaimRecord, ClaimState, Timestamp};

/// The record of a claim certificate that is in use and has none. It counts as the current one of its name unless there is
/// one; otherwise it works without an end, until an operator burns it.
pub fn adopt_claim(
    id: &ClaimCertificateId,
    name: ClaimName,
    secret_id: &str,
    made_at: Option<Timestamp>,
    rows: &[ClaimRecord],
    now: Timestamp,
) -> ClaimRecord {
    let has_current = rows.iter().any(|row| row.name == name && row.state == ClaimState::Current);
    ClaimRecord {
        id: id.clone(),
        name,
        secret_id: secret_id.to_owned(),
        state: if has_current { ClaimState::Retiring } else { ClaimState::Current },
        created_at: made_at.unwrap_or(now),
        created_by: "found in use".to_owned(),
        retiring_since: has_current.then_some(now),
        retire_at: None,
        expected_at_retirement: None,
        replaced_by: None,
        ended_at: None,
        ended_by: None,
        reason: None,
    }
}
