use serde::{Deserialize, Serialize};

use super::{Item, Update, call};
use crate::{Aws, AwsError, Transport};

/// One write of a transaction.
#[derive(Clone, Debug, Serialize)]
pub enum Write {
    /// Puts a new item.
    #[serde(rename_all = "PascalCase")]
    Put {
        /// The table.
        table_name: String,
        /// The item.
        item: Item,
        /// What must hold.
        condition_expression: &'static str,
    },
    /// Changes an item.
    Update(Update),
    /// Changes nothing and fails the transaction where its condition does not hold.
    ConditionCheck(Update),
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Request<'a> {
    transact_items: &'a [Write],
    client_request_token: &'a str,
}

#[derive(Deserialize)]
struct Answer {}

/// TransactWriteItems: all of the writes or none. The token (at most 36 characters) makes a repeat after a lost answer
/// succeed instead of meeting its own writes; DynamoDB remembers it for ten minutes.
pub async fn transact_write_items<T: Transport>(aws: &Aws<T>, writes: &[Write], token: &str) -> Result<(), AwsError> {
    let request = Request { transact_items: writes, client_request_token: token };
    let Answer {} = call(aws, "TransactWriteItems", &request).await?;
    Ok(())
}
