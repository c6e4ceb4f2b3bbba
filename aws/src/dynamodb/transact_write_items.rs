use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{AttributeValue, Item, Update, call};
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
        condition_expression: String,
        /// Values named in the condition.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        expression_attribute_values: BTreeMap<String, AttributeValue>,
    },
    /// Changes an item.
    Update(Update),
    /// Changes nothing and fails the transaction where its condition does not hold.
    ConditionCheck(Update),
}

impl Write {
    /// Puts an item under a condition.
    pub fn put(table: &str, item: Item, condition: impl Into<String>) -> Self {
        let (table_name, condition_expression) = (table.to_owned(), condition.into());
        Write::Put { table_name, item, condition_expression, expression_attribute_values: BTreeMap::new() }
    }

    /// Names a value.
    pub fn value(self, name: &str, value: impl Into<AttributeValue>) -> Self {
        match self {
            Write::Put { table_name, item, condition_expression, mut expression_attribute_values } => {
                expression_attribute_values.insert(name.to_owned(), value.into());
                Write::Put { table_name, item, condition_expression, expression_attribute_values }
            }
            Write::Update(update) => Write::Update(update.value(name, value)),
            Write::ConditionCheck(update) => Write::ConditionCheck(update.value(name, value)),
        }
    }
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
