//! The tables' global secondary indexes, for tables that CloudFormation did not make.

use std::time::Duration;

use aws::{Aws, Transport};
use serde_json::{Value, json};

use crate::{DeployError, Progress, StackOutputs, dynamodb};

/// How often DynamoDB is asked whether an index is ready.
const LOOK: Duration = Duration::from_secs(2);

/// An index, as `template.yaml` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Index {
    name: &'static str,
    partition_key: &'static str,
    sort_key: &'static str,
    projection: &'static str,
}

const AUTHORIZED: [Index; 2] = [
    Index { name: "vin-shard-index", partition_key: "vin_shard", sort_key: "vin", projection: "ALL" },
    Index {
        name: "expected-claim-index",
        partition_key: "expected_claim_certificate_id",
        sort_key: "vin",
        projection: "KEYS_ONLY",
    },
];

const PROVISIONED: [Index; 2] = [
    Index { name: "status-vin-index", partition_key: "certificate_status", sort_key: "vin", projection: "ALL" },
    Index { name: "claim-vin-index", partition_key: "claim_certificate_id", sort_key: "vin", projection: "ALL" },
];

const ATTEMPTS: [Index; 2] = [
    Index { name: "outcome-time-index", partition_key: "outcome", sort_key: "attempt_id", projection: "ALL" },
    Index {
        name: "claim-time-index",
        partition_key: "claim_certificate_id",
        sort_key: "attempt_id",
        projection: "ALL",
    },
];

/// The indexes that the tables lack, each with its table.
pub(super) async fn missing<T: Transport>(
    aws: &Aws<T>,
    outputs: &StackOutputs,
) -> Result<Vec<(String, Index)>, DeployError> {
    let mut missing = Vec::new();
    for (table, indexes) in [
        (&outputs.authorized_vehicles_table, AUTHORIZED),
        (&outputs.provisioned_vehicles_table, PROVISIONED),
        (&outputs.provisioning_attempts_table, ATTEMPTS),
    ] {
        let description = described(aws, table).await?;
        let lacks = |index: &Index| !has(&description, index.name);
        missing.extend(indexes.into_iter().filter(lacks).map(|index| (table.clone(), index)));
    }
    Ok(missing)
}

/// Makes the missing indexes one after the other, because DynamoDB makes one of a table at a time, and waits for each.
pub(super) async fn add<T: Transport>(
    aws: &Aws<T>,
    outputs: &StackOutputs,
    tell: &mut impl FnMut(Progress),
) -> Result<(), DeployError> {
    // One that an earlier run began may still be under way.
    let tables =
        [&outputs.authorized_vehicles_table, &outputs.provisioned_vehicles_table, &outputs.provisioning_attempts_table];
    for table in tables {
        settled(aws, table).await?;
    }
    for (table, index) in missing(aws, outputs).await? {
        tell(Progress::Index { table: table.clone(), index: index.name, state: "is being made from all its rows" });
        dynamodb::update_table(aws, &table, creation(&index)).await?;
        settled(aws, &table).await?;
        tell(Progress::Index { table, index: index.name, state: "is there" });
    }
    Ok(())
}

/// Waits while the table or one of its indexes is `CREATING`, `UPDATING` or `DELETING`.
async fn settled<T: Transport>(aws: &Aws<T>, table: &str) -> Result<(), DeployError> {
    loop {
        let description = described(aws, table).await?;
        let indexes = description["GlobalSecondaryIndexes"].as_array().into_iter().flatten();
        let states = indexes.map(|index| &index["IndexStatus"]).chain([&description["TableStatus"]]);
        let mut under_way = states.filter_map(Value::as_str).filter(|state| state.ends_with("ING"));
        if under_way.next().is_none() {
            return Ok(());
        }
        aws.transport.pause(LOOK).await;
    }
}

async fn described<T: Transport>(aws: &Aws<T>, table: &str) -> Result<Value, DeployError> {
    dynamodb::describe_table(aws, table).await?.ok_or_else(|| DeployError::NoTable(table.to_owned()))
}

fn has(description: &Value, index: &str) -> bool {
    description["GlobalSecondaryIndexes"].as_array().is_some_and(|has| has.iter().any(|has| has["IndexName"] == index))
}

fn creation(index: &Index) -> Value {
    let attribute = |name| json!({ "AttributeName": name, "AttributeType": "S" });
    let key = |name, kind| json!({ "AttributeName": name, "KeyType": kind });
    json!({
        "AttributeDefinitions": [attribute(index.partition_key), attribute(index.sort_key)],
        "GlobalSecondaryIndexUpdates": [{ "Create": {
            "IndexName": index.name,
            "KeySchema": [key(index.partition_key, "HASH"), key(index.sort_key, "RANGE")],
            "Projection": { "ProjectionType": index.projection },
        }}],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_indexes_are_those_that_the_stack_makes() {
        let template = crate::rendered_template();
        let indexes = AUTHORIZED.iter().chain(&PROVISIONED).chain(&ATTEMPTS);
        for index in indexes.clone() {
            let whole = format!(
                "        - IndexName: {}\n          KeySchema:\n            - {{ AttributeName: {}, KeyType: HASH }}\n            \
                 - {{ AttributeName: {}, KeyType: RANGE }}\n          Projection: {{ ProjectionType: {} }}\n",
                index.name, index.partition_key, index.sort_key, index.projection
            );
            assert!(template.contains(&whole), "{whole}");
        }
        assert_eq!(template.matches("- IndexName: ").count(), indexes.count());
    }
}
