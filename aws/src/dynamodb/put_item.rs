use serde::{Deserialize, Serialize};

use super::{Item, call};
use crate::{Aws, AwsError, Transport};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Request<'a> {
    table_name: &'a str,
    item: Item,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition_expression: Option<&'a str>,
}

#[derive(Deserialize)]
struct Answer {}

/// PutItem, under a condition if one is given.
pub async fn put_item<T: Transport>(
    aws: &Aws<T>,
    table: &str,
    item: Item,
    condition: Option<&str>,
) -> Result<(), AwsError> {
    let request = Request { table_name: table, item, condition_expression: condition };
    let Answer {} = call(aws, "PutItem", &request).await?;
    Ok(())
}
