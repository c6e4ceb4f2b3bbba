//! An operator takes a claim certificate out of use now.

use shared::{CertificateStatus, ClaimRecord, ClaimState, Count, Refusal};

use super::ClaimEnd;
use crate::{ActionBy, Effect};

/// Whether this claim certificate can be burned. One that was burned can be burned again: that finishes a burning that was
/// interrupted.
pub fn may_burn_claim(record: &ClaimRecord) -> Result<(), Refusal> {
    if record.state == ClaimState::Retired { Err(Refusal::ClaimEnded) } else { Ok(()) }
}

/// Takes it out of use, records that, and withdraws it for good. The record comes between the two: from the first on no
/// connection is made with it, from the second on the hook refuses those that exist, and the third cannot be undone.
/// `seen` is how many vehicles the operator was shown to be stranded by it, `expected` how many are now. `reported` is what
/// AWS IoT says of the certificate.
pub fn burn_claim(
    record: &ClaimRecord,
    reported: Option<CertificateStatus>,
    expected: Count,
    seen: u32,
    action: &ActionBy,
) -> Result<Vec<Effect>, Refusal> {
    may_burn_claim(record)?;
    if record.state != ClaimState::Burned && expected.number > seen {
        return Err(Refusal::MoreVehiclesExpected);
    }
    let record_end = Effect::RecordClaimEnded(ClaimEnd {
        id: record.id.clone(),
        state: ClaimState::Burned,
        at: action.at,
        by: Some(action.operator.clone()),
        reason: action.reason.clone(),
    });
    let id = &record.id.0;
    Ok(match reported {
        // AWS IoT would refuse to make less of it, and there is nothing left to make less of.
        None | Some(CertificateStatus::Revoked) => vec![record_end],
        Some(_) => {
            vec![Effect::DeactivateCertificate(id.clone()), record_end, Effect::RevokeCertificate(id.clone())]
        }
    })
}
