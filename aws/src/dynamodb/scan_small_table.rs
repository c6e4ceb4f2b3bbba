use serde::{Deserialize, Serialize};

use super::{Item, call};
use crate::{Aws, AwsError, Transport};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Request<'a> {
    table_name: &'a str,
    consistent_read: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclusive_start_key: Option<Item>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    items: Vec<Item>,
    last_evaluated_key: Option<Item>,
}

/// Scan of a whole table, read consistently. Only for a table that stays small.
pub async fn scan_small_table<T: Transport>(aws: &Aws<T>, table: &str) -> Result<Vec<Item>, AwsError> {
    let mut items = Vec::new();
    let mut request = Request { table_name: table, consistent_read: true, exclusive_start_key: None };
    loop {
        let answer: Answer = call(aws, "Scan", &request).await?;
        items.extend(answer.items);
        match answer.last_evaluated_key {
            None => return Ok(items),
            next => request.exclusive_start_key = next,
        }
    }
}
