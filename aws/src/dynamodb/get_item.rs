use serde::{Deserialize, Serialize};

use super::{Item, call};
use crate::{Aws, AwsError, Transport};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Request<'a> {
    table_name: &'a str,
    key: Item,
    consistent_read: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    item: Option<Item>,
}

/// GetItem with a consistent read; `None` where there is no such item.
pub async fn get_item<T: Transport>(aws: &Aws<T>, table: &str, key: Item) -> Result<Option<Item>, AwsError> {
    let request = Request { table_name: table, key, consistent_read: true };
    let answer: Answer = call(aws, "GetItem", &request).await?;
    Ok(answer.item)
}
