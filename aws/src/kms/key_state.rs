use serde::Deserialize;

use crate::json::{self, Target};
use crate::{Aws, AwsError, Service, Transport};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    key_metadata: Metadata,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    key_state: String,
}

/// DescribeKey: the key's state, `Enabled` where it can be used.
pub async fn key_state<T: Transport>(aws: &Aws<T>, key: &str) -> Result<String, AwsError> {
    let target = Target { service: Service::Kms, prefix: "TrentService", version: "1.1" };
    let answer: Answer = json::call(aws, target, "DescribeKey", &serde_json::json!({ "KeyId": key })).await?;
    Ok(answer.key_metadata.key_state)
}
