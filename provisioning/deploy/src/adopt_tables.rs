//! Tables that are there already: those of a CMS deployment, or those an earlier stack of ours left.

use std::collections::{BTreeMap, BTreeSet};

use aws::{Aws, Transport};
use serde_json::Value;

use crate::{DeployError, dynamodb};

/// The template's parameters that name tables, each with the key its table must have.
const TABLES: [(&str, &[&str]); 5] = [
    ("AuthorizedVehiclesTableName", &["vin"]),
    ("ProvisionedVehiclesTableName", &["vin", "certificate_id"]),
    ("ProvisioningAttemptsTableName", &["vin", "attempt_id"]),
    ("OperatorActionsTableName", &["vin", "receipt_id"]),
    ("ClaimCertificatesTableName", &["claim_certificate_id"]),
];

/// Whether a parameter of the template names a table that may be there already.
pub fn is_table_name(parameter: &str) -> bool {
    TABLES.iter().any(|(name, _)| *name == parameter)
}

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
        let Some(description) = dynamodb::describe_table(aws, table).await? else {
            return Err(DeployError::NoTable(table.clone()));
        };
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

/// Whether a table has this key.
pub fn has_key(description: &Value, key: &[&str]) -> bool {
    check_key("", key, description).is_ok()
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

/// Whether a table has a stream that shows rows as they are after a change.
pub fn has_stream(description: &Value) -> bool {
    stream_label(description).is_some()
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
