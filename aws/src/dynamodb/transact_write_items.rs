use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Item, Update, call};
use crate::{Aws, AwsError, AwsErrorCause, Service, Transport};

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

/// TransactWriteItems: all of the writes or none. A repeat after a lost answer succeeds instead of meeting its own writes:
/// DynamoDB remembers the token for ten minutes, and the token is made of the writes. Writes that are to happen twice
/// must therefore differ, such as in the time they record.
pub async fn transact_write_items<T: Transport>(aws: &Aws<T>, writes: &[Write]) -> Result<(), AwsError> {
    let token = token_of(writes)?;
    let request = Request { transact_items: writes, client_request_token: &token };
    let Answer {} = call(aws, "TransactWriteItems", &request).await?;
    Ok(())
}

/// A token has at most 36 characters.
fn token_of(writes: &[Write]) -> Result<String, AwsError> {
    let text = serde_json::to_vec(writes).map_err(|error| AwsError {
        service: Service::DynamoDb,
        operation: "TransactWriteItems",
        cause: AwsErrorCause::Request(error.to_string()),
    })?;
    Ok(Sha256::digest(text).iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}
