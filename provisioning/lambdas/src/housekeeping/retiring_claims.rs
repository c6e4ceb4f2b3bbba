//! Claim certificates whose time is over, or whose last vehicle has come, leave.

use aws::{claim_records, count_expected};
use provisioning_rules::end_retiring;
use shared::ClaimState;

use crate::{Environment, Failure, log};

/// Ends what is to end. How many there were.
pub(super) async fn end_retiring_claims(environment: &Environment) -> Result<usize, Failure> {
    let (rows, unreadable) = claim_records(&environment.aws, &environment.tables).await?;
    for row in unreadable {
        log::warn("unreadable row", &[("row", row.to_string())]);
    }
    let mut ended = 0;
    for record in rows.iter().filter(|row| row.state == ClaimState::Retiring) {
        // One is as good as many.
        let expected = count_expected(&environment.aws, &environment.tables, &record.id, 1).await?;
        let effects = end_retiring(record, expected.map(|count| count.number), environment.aws.now());
        if !effects.is_empty() {
            environment.perform(effects).await?;
            ended += 1;
        }
    }
    Ok(ended)
}
