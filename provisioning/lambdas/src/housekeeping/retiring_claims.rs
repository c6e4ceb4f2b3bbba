//! Claim certificates whose time is over, or whose last vehicle has come, leave.

use std::time::Duration;

use aws::iot::describe_certificate;
use aws::{Transport, claim_records, count_expected, count_expected_with_any};
use provisioning_rules::{StillToCome, end_retiring, is_over};
use shared::{ClaimRecord, ClaimState};

use crate::{Environment, Failure, log};

/// How many authorizations are looked at in each part of the index. Where there are more, nobody can say that all have come,
/// and a claim works until its time is over.
const LOOKED_AT: u32 = 10_000;

/// The indexes follow their tables within this time, as a rule.
const BEHIND: Duration = Duration::from_secs(2);

/// Ends what is to end. How many there were. One that cannot be ended does not keep the others.
pub(super) async fn end_retiring_claims(environment: &Environment) -> Result<usize, Failure> {
    let (rows, unreadable) = claim_records(&environment.aws, &environment.tables).await?;
    for row in unreadable {
        log::warn("unreadable row", &[("row", row.to_string())]);
    }
    let (mut ended, mut failed) = (0, 0);
    for record in rows.iter().filter(|row| row.state == ClaimState::Retiring) {
        match end_where_due(environment, record).await {
            Ok(was_due) => ended += usize::from(was_due),
            Err(error) => {
                failed += 1;
                let claim = record.id.to_string();
                log::error("a claim was not ended", &[("claim_certificate_id", claim), ("error", error.to_string())]);
            }
        }
    }
    match failed {
        0 => Ok(ended),
        failed => Err(format!("{failed} retiring claims could not be looked after; {ended} others ended").into()),
    }
}

async fn end_where_due(environment: &Environment, record: &ClaimRecord) -> Result<bool, Failure> {
    let now = environment.aws.now();
    let mut still_to_come = StillToCome::default();
    if !is_over(record, now) {
        still_to_come = count_still_to_come(environment, record).await?;
        if end_retiring(record, still_to_come, None, now).is_empty() {
            return Ok(false);
        }
        // An index is a little behind its table: whoever was authorized just now is counted in a while.
        environment.aws.transport.pause(BEHIND).await;
        still_to_come = count_still_to_come(environment, record).await?;
    }
    let described = describe_certificate(&environment.aws, &record.id.0).await?;
    let reported = described.and_then(|certificate| certificate.status);
    let effects = end_retiring(record, still_to_come, reported, now);
    let is_due = !effects.is_empty();
    environment.perform(effects).await?;
    Ok(is_due)
}

async fn count_still_to_come(environment: &Environment, record: &ClaimRecord) -> Result<StillToCome, Failure> {
    let (aws, tables) = (&environment.aws, &environment.tables);
    // One is as good as many.
    let with_it = count_expected(aws, tables, &record.id, 1).await?;
    let nobody = with_it.is_some_and(|count| count.number == 0 && !count.or_more);
    // The longer count is made only where it matters.
    let with_any = if nobody && record.expected_at_retirement.is_some_and(|expected| expected > 0) {
        count_expected_with_any(aws, tables, LOOKED_AT).await?
    } else {
        None
    };
    Ok(StillToCome { with_it, with_any })
}
