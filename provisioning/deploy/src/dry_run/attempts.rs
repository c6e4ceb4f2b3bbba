//! The attempts on record.

use aws::dynamodb::{Item, KeyCondition, Query, query, scan};
use aws::tables::provisioning_attempts::{ATTEMPT_ID, OUTCOME, OUTCOME_INDEX, from_item};
use aws::{Aws, AwsError, Transport};
use shared::{AttemptOutcome, ProvisioningAttempt, Timestamp};

use super::DryRunProblem;

/// Sorts after every attempt id, which begin with a year.
const LAST: &str = "A";

/// How many rows one call reads.
const PAGE: u32 = 1_000;

/// Attempts, the newest first, and what is to be told about the reading.
pub(crate) struct Recorded {
    pub attempts: Vec<ProvisioningAttempt>,
    pub warnings: Vec<String>,
}

/// Every attempt since a moment: each outcome is one partition of an index. A table without it is scanned.
pub(crate) async fn attempts_since<T: Transport>(
    aws: &Aws<T>,
    table: &str,
    since: Timestamp,
) -> Result<Recorded, DryRunProblem> {
    let failed = |error: AwsError| match error.is_not_found() {
        true => DryRunProblem::Gone(format!("the table {table}")),
        false => DryRunProblem::of_call(error),
    };
    let mut warnings = Vec::new();
    let items = match indexed(aws, table, since).await {
        Err(error) if error.code() == Some("ValidationException") => {
            warnings.push(format!("The table {table} has no index by outcome, so it was read whole."));
            whole(aws, table).await.map_err(failed)?
        }
        items => items.map_err(failed)?,
    };
    // Rows without an outcome are no attempts.
    let read: Vec<_> = items.iter().filter(|item| item.contains_key(OUTCOME)).map(from_item).collect();
    let unreadable = read.iter().filter(|row| row.is_err()).count();
    if unreadable > 0 {
        warnings
            .push(format!("{unreadable} rows of {table} cannot be read and were left out: the console shows them."));
    }
    let mut attempts: Vec<_> = read.into_iter().flatten().filter(|attempt| attempt.at >= since).collect();
    attempts.sort_by(|one, other| other.attempt_id.cmp(&one.attempt_id));
    Ok(Recorded { attempts, warnings })
}

async fn indexed<T: Transport>(aws: &Aws<T>, table: &str, since: Timestamp) -> Result<Vec<Item>, AwsError> {
    let first = format!("{since:.9}");
    let mut items = Vec::new();
    for outcome in AttemptOutcome::all() {
        let mut start = None;
        loop {
            let page = query(
                aws,
                Query {
                    table,
                    index: Some(OUTCOME_INDEX),
                    partition: (OUTCOME, outcome.as_str()),
                    sort: Some(KeyCondition::Between(ATTEMPT_ID, &first, LAST)),
                    descending: true,
                    limit: Some(PAGE),
                    start,
                },
            )
            .await?;
            items.extend(page.items);
            start = page.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
    }
    Ok(items)
}

async fn whole<T: Transport>(aws: &Aws<T>, table: &str) -> Result<Vec<Item>, AwsError> {
    let mut items = Vec::new();
    let mut start = None;
    loop {
        let page = scan(aws, table, PAGE, start).await?;
        items.extend(page.items);
        start = page.last_evaluated_key;
        if start.is_none() {
            return Ok(items);
        }
    }
}
