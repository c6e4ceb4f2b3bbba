//! DynamoDB: the operations the tables need, JSON protocol 1.0.

mod batch_get_item;
mod count;
mod describe_table;
mod get_item;
mod put_item;
mod query;
mod scan_small_table;
mod transact_write_items;
mod update_item;
mod value;

pub use batch_get_item::batch_get_item;
pub use count::{Counting, count};
pub use describe_table::{TableDescription, describe_table};
pub use get_item::get_item;
pub use put_item::put_item;
pub use query::{KeyCondition, Page, Query, query, scan};
pub use scan_small_table::scan_small_table;
pub use transact_write_items::{Write, transact_write_items};
pub use update_item::{Update, update_item};
pub use value::{AttributeValue, Item};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Aws, AwsError, AwsErrorCause, Call, Service, Transport};

/// The most items that one BatchGetItem takes.
pub const BATCH_GET_LIMIT: usize = 100;

/// The code with which DynamoDB answers a condition that does not hold.
pub const CONDITION_FAILED: &str = "ConditionalCheckFailedException";

/// The code with which DynamoDB answers a transaction of which a condition does not hold, or that met another one. A transaction
/// that it canceled for any other reason has that reason as its code here.
pub const TRANSACTION_CANCELED: &str = "TransactionCanceledException";

async fn call<T: Transport, A: DeserializeOwned>(
    aws: &Aws<T>,
    operation: &'static str,
    request: &impl Serialize,
) -> Result<A, AwsError> {
    let failed = |cause| AwsError { service: Service::DynamoDb, operation, cause };
    let body = serde_json::to_vec(request).map_err(|error| failed(AwsErrorCause::Request(error.to_string())))?;
    let response = aws
        .call(Call {
            service: Service::DynamoDb,
            operation,
            method: http::Method::POST,
            path: "/".to_owned(),
            headers: vec![
                ("content-type", "application/x-amz-json-1.0".to_owned()),
                ("x-amz-target", format!("DynamoDB_20120810.{operation}")),
            ],
            body,
        })
        .await?;
    serde_json::from_slice(response.body()).map_err(|error| failed(AwsErrorCause::Unreadable(error.to_string())))
}
