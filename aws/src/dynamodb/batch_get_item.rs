use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{BATCH_GET_LIMIT, Item, call};
use crate::{Aws, AwsError, AwsErrorCause, Service, Transport};

const OPERATION: &str = "BatchGetItem";

/// How often DynamoDB may leave keys unread before that is an error.
const ROUNDS: usize = 10;

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Keys {
    keys: Vec<Item>,
    #[serde(default)]
    consistent_read: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    request_items: BTreeMap<String, Keys>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    responses: BTreeMap<String, Vec<Item>>,
    #[serde(default)]
    unprocessed_keys: BTreeMap<String, Keys>,
}

/// BatchGetItem for any number of keys of one table, in no particular order. Keys without an item have none in the answer.
pub async fn batch_get_item<T: Transport>(aws: &Aws<T>, table: &str, keys: Vec<Item>) -> Result<Vec<Item>, AwsError> {
    let mut items = Vec::with_capacity(keys.len());
    for batch in keys.chunks(BATCH_GET_LIMIT) {
        let keys = Keys { keys: batch.to_vec(), consistent_read: true };
        let mut wanted = BTreeMap::from([(table.to_owned(), keys)]);
        for _ in 0..ROUNDS {
            let answer: Answer = call(aws, OPERATION, &Request { request_items: wanted }).await?;
            items.extend(answer.responses.into_values().flatten());
            wanted = answer.unprocessed_keys;
            if wanted.is_empty() {
                break;
            }
        }
        if !wanted.is_empty() {
            let cause = AwsErrorCause::Unreadable(format!("keys were left unread {ROUNDS} times"));
            return Err(AwsError { service: Service::DynamoDb, operation: OPERATION, cause });
        }
    }
    Ok(items)
}
