//! Claim certificates whose time is over, or whose last vehicle has come, leave.

use aws::dynamodb::{Counting, count};
use aws::tables::{authorized_vehicles, claim_certificates};
use provisioning_rules::end_retiring;
use shared::{ClaimRecord, ClaimState};

use crate::{Environment, Failure, log};

/// Ends what is to end. How many there were.
pub(super) async fn end_retiring_claims(environment: &Environment) -> Result<usize, Failure> {
    let (rows, unreadable) = claim_certificates::all(&environment.aws, &environment.tables).await?;
    for row in unreadable {
        log::warn("unreadable row", &[("row", row.to_string())]);
    }
    let mut ended = 0;
    for record in rows.iter().filter(|row| row.state == ClaimState::Retiring) {
        let effects = end_retiring(record, expected_left(environment, record).await?, environment.aws.now());
        if !effects.is_empty() {
            environment.perform(effects).await?;
            ended += 1;
        }
    }
    Ok(ended)
}

/// Whether anybody is still expected: one is as good as many. `None` where the table has no index to tell.
async fn expected_left(environment: &Environment, record: &ClaimRecord) -> Result<Option<u32>, Failure> {
    let counting = Counting {
        table: &environment.tables.authorized_vehicles,
        index: authorized_vehicles::EXPECTED_CLAIM_INDEX,
        partition: (authorized_vehicles::EXPECTED_CLAIM_CERTIFICATE_ID, record.id.as_str()),
        filter: None,
    };
    match count(&environment.aws, &counting, 1).await {
        Err(error) if matches!(error.code(), Some("ValidationException" | "ResourceNotFoundException")) => Ok(None),
        result => Ok(Some(result?.number)),
    }
}
