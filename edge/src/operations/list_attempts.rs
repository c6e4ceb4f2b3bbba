use aws::Transport;
use aws::dynamodb::{Item, KeyCondition, Query, query};
use aws::tables::provisioning_attempts::{
    ATTEMPT_ID, CLAIM_CERTIFICATE_ID, CLAIM_INDEX, OUTCOME, OUTCOME_INDEX, from_item,
};
use futures::future::try_join_all;
use shared::AttemptOutcome;
use shared::api::{ApiError, AttemptsPage, AttemptsQuery};

use super::{cursor, unreadable};
use crate::merge::first_of_sorted;
use crate::{Deployment, Operator, failure};

/// How many attempts a page has.
const PAGE: usize = 50;

/// How many pages are read in search of attempts that pass a second filter, before what was found is answered.
const SEARCHED_PAGES: usize = 10;

/// Sorts before and after every attempt id, which begin with a year.
const FIRST: &str = "0";
const LAST: &str = "A";

/// Attempts, newest first. An outcome is one partition of the outcome index; without one, all outcomes are read and merged.
pub(crate) async fn list_attempts<T: Transport>(
    deployment: &Deployment<T>,
    _operator: &Operator,
    asked: AttemptsQuery,
) -> Result<AttemptsPage, ApiError> {
    let mut before: Option<String> = cursor::unwrap(asked.cursor.as_ref())?;
    let mut page = AttemptsPage::default();
    for _ in 0..SEARCHED_PAGES {
        let lists = try_join_all(partitions(&asked).map(|(index, attribute, value)| {
            let before = before.clone();
            async move { read_partition(deployment, index, attribute, &value, before.as_deref()).await }
        }))
        .await?;
        let newest_first = |one: &Item, other: &Item| id_of(other).cmp(id_of(one));
        let (items, more) = first_of_sorted(lists, PAGE, newest_first);
        before = items.last().map(|item| id_of(item).to_owned());
        for item in &items {
            match from_item(item) {
                Ok(attempt) if asked.outcome.is_none_or(|outcome| outcome == attempt.outcome) => {
                    page.attempts.push(attempt)
                }
                Ok(_) => {}
                Err(row) => page.unreadable.push(unreadable("ProvisioningAttempts", row)),
            }
        }
        page.next = if more { before.as_ref().map(cursor::wrap) } else { None };
        if !more || page.attempts.len() >= PAGE / 2 {
            return Ok(page);
        }
    }
    page.notice =
        Some(format!("The latest {} attempts were searched: go on to search older ones.", SEARCHED_PAGES * PAGE));
    Ok(page)
}

fn partitions(asked: &AttemptsQuery) -> impl Iterator<Item = (&'static str, &'static str, String)> {
    let by_claim = asked.claim.as_ref().map(|claim| (CLAIM_INDEX, CLAIM_CERTIFICATE_ID, claim.to_string()));
    let by_outcome = asked
        .claim
        .is_none()
        .then(|| AttemptOutcome::all().filter(|outcome| asked.outcome.is_none_or(|wanted| wanted == *outcome)))
        .into_iter()
        .flatten()
        .map(|outcome| (OUTCOME_INDEX, OUTCOME, outcome.as_str().to_owned()));
    by_claim.into_iter().chain(by_outcome)
}

/// The next attempts of one partition, enough for a page and one more to tell whether there are any others.
async fn read_partition<T: Transport>(
    deployment: &Deployment<T>,
    index: &str,
    attribute: &str,
    value: &str,
    before: Option<&str>,
) -> Result<Vec<Item>, ApiError> {
    let mut items: Vec<Item> = Vec::new();
    let mut start = None;
    loop {
        let page = query(
            &deployment.aws,
            Query {
                table: &deployment.tables.provisioning_attempts,
                index: Some(index),
                partition: (attribute, value),
                sort: Some(KeyCondition::Between(ATTEMPT_ID, FIRST, before.unwrap_or(LAST))),
                descending: true,
                limit: Some(PAGE as u32 + 2),
                start,
            },
        )
        .await
        .map_err(failure::of_read)?;
        // The bounds are included, and the one before which to go on was on the page before.
        items.extend(page.items.into_iter().filter(|item| Some(id_of(item)) != before));
        start = page.last_evaluated_key;
        if start.is_none() || items.len() > PAGE {
            return Ok(items);
        }
    }
}

fn id_of(item: &Item) -> &str {
    item.get(ATTEMPT_ID).and_then(|value| value.as_text()).unwrap_or_default()
}
