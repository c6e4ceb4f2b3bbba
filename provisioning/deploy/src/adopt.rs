//! Tables that are there already: those of a CMS deployment, or those an earlier stack of ours left.

use std::collections::{BTreeMap, BTreeSet};

use aws::{Aws, AwsError, Call, Service, Transport};
use serde_json::Value;

use crate::DeployError;

/// The template's parameters that name tables, each with the key its table must have.
const TABLES: [(&str, &[&str]); 5] = [
    ("AuthorizedVehiclesTableName", &["vin"]),
    ("ProvisionedVehiclesTableName", &["vin", "certificate_id"]),
    ("ProvisioningAttemptsTableName", &["vin", "attempt_id"]),
    ("OperatorActionsTableName", &["vin", "receipt_id"]),
    ("ClaimCertificatesTableName", &["claim_certificate_id"]),
];

/// What the template wants to know of the tables that `parameters` name: their keys in KMS, and the stream of new rows.
/// Parameters that are given are not looked up.
///
/// Errors: a table that is not there, or that has another key.
pub async fn adopted<T: Transport>(
    aws: &Aws<T>,
    parameters: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, DeployError> {
    let mut found = BTreeMap::new();
    let mut keys = BTreeSet::new();
    for (parameter, key) in TABLES {
        let Some(table) = parameters.get(parameter).filter(|table| !table.is_empty()) else { continue };
        let description = describe_table(aws, table).await?;
        check_key(table, key, &description)?;
        keys.extend(description["SSEDescription"]["KMSMasterKeyArn"].as_str().map(str::to_owned));
        if parameter == "AuthorizedVehiclesTableName" {
            found.extend(stream_label(&description).map(|label| ("AuthorizedVehiclesStreamLabel".to_owned(), label)));
        }
    }
    if !keys.is_empty() {
        found.insert("AdoptedTableKeyArns".to_owned(), keys.into_iter().collect::<Vec<_>>().join(","));
    }
    found.retain(|parameter, _| !parameters.contains_key(parameter));
    Ok(found)
}

async fn describe_table<T: Transport>(aws: &Aws<T>, table: &str) -> Result<Value, DeployError> {
    let call = Call {
        service: Service::DynamoDb,
        operation: "DescribeTable",
        method: http::Method::POST,
        path: "/".to_owned(),
        headers: vec![
            ("content-type", "application/x-amz-json-1.0".to_owned()),
            ("x-amz-target", "DynamoDB_20120810.DescribeTable".to_owned()),
        ],
        body: serde_json::json!({ "TableName": table }).to_string().into_bytes(),
    };
    let answer = aws.call(call).await.map_err(|error: AwsError| {
        if error.is_not_found() { DeployError::NoTable(table.to_owned()) } else { error.into() }
    })?;
    let answer: Value = serde_json::from_slice(answer.body())
        .map_err(|error| crate::query::unreadable(Service::DynamoDb, "DescribeTable", error))?;
    Ok(answer["Table"].clone())
}

fn check_key(table: &str, key: &[&str], description: &Value) -> Result<(), DeployError> {
    // The partition key comes first.
    let attributes = description["KeySchema"].as_array().into_iter().flatten();
    let has: Vec<_> = attributes.filter_map(|attribute| attribute["AttributeName"].as_str()).collect();
    if has == key {
        return Ok(());
    }
    Err(DeployError::OtherTable { table: table.to_owned(), key: key.join(" and "), has: has.join(" and ") })
}

/// The label of a stream that shows rows as they are after a change.
fn stream_label(description: &Value) -> Option<String> {
    let stream = &description["StreamSpecification"];
    let shows_new_rows = matches!(stream["StreamViewType"].as_str(), Some("NEW_IMAGE" | "NEW_AND_OLD_IMAGES"));
    if stream["StreamEnabled"] != true || !shows_new_rows {
        return None;
    }
    // The label is the ARN's last part.
    description["LatestStreamArn"].as_str()?.split_once("/stream/").map(|(_, label)| label.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_with_another_key_is_not_taken_for_ours() {
        let description = serde_json::json!({ "KeySchema": [{ "AttributeName": "vin", "KeyType": "HASH" }] });
        assert!(check_key("t", &["vin"], &description).is_ok());
        assert_eq!(
            check_key("t", &["vin", "certificate_id"], &description).expect_err("refused").to_string(),
            "the table t has the key vin and not vin and certificate_id: name another table"
        );
    }

    #[test]
    fn only_a_stream_that_shows_new_rows_is_of_use() {
        let stream = |enabled: bool, view: &str| {
            stream_label(&serde_json::json!({
                "StreamSpecification": { "StreamEnabled": enabled, "StreamViewType": view },
                "LatestStreamArn": "arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/2026-01-01T00:00:00.000",
            }))
        };
        assert_eq!(stream(true, "NEW_IMAGE").as_deref(), Some("2026-01-01T00:00:00.000"));
        assert_eq!(stream(true, "KEYS_ONLY"), None);
        assert_eq!(stream(false, "NEW_IMAGE"), None);
    }
}
