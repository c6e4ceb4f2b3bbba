use aws::dynamodb::{Item, KeyCondition, Query, query};
use aws::tables::operator_actions::{RECEIPT_ID, VIN, from_item};
use aws::{AwsError, Transport};
use shared::Vin;
use shared::api::ReceiptsPage;

use super::{cursor, unreadable};
use crate::Deployment;

/// Sorts before and after every receipt id, which begin with a year.
const FIRST: &str = "0";
const LAST: &str = "A";

/// At most so many receipts of a vehicle, newest first: from the newest, or older than `before`. Read consistently.
pub(super) async fn receipts_of_vehicle<T: Transport>(
    deployment: &Deployment<T>,
    vin: &Vin,
    most: usize,
    before: Option<&str>,
) -> Result<ReceiptsPage, AwsError> {
    let answer = query(
        &deployment.aws,
        Query {
            table: &deployment.tables.operator_actions,
            index: None,
            partition: (VIN, vin.as_str()),
            // The bounds are included, hence one more, and another to tell whether there are any others.
            sort: Some(KeyCondition::Between(RECEIPT_ID, FIRST, before.unwrap_or(LAST))),
            descending: true,
            limit: Some(u32::try_from(most).unwrap_or(u32::MAX).saturating_add(2)),
            start: None,
        },
    )
    .await?;
    let mut items: Vec<Item> = answer.items.into_iter().filter(|item| Some(id_of(item)) != before).collect();
    let more = items.len() > most || answer.last_evaluated_key.is_some();
    items.truncate(most);
    let next = items.last().filter(|_| more).map(|item| cursor::wrap(&id_of(item)));
    let mut page = ReceiptsPage { next, ..ReceiptsPage::default() };
    for item in &items {
        match from_item(item) {
            Ok(receipt) => page.receipts.push(receipt),
            Err(row) => page.unreadable.push(unreadable("OperatorActions", row)),
        }
    }
    Ok(page)
}

fn id_of(item: &Item) -> &str {
    item.get(RECEIPT_ID).and_then(|value| value.as_text()).unwrap_or_default()
}
