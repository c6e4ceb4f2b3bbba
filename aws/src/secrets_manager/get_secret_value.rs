use serde::Deserialize;

use super::call;
use crate::{Aws, AwsError, Transport};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    secret_string: String,
}

/// GetSecretValue: the current version's text.
pub async fn get_secret_value<T: Transport>(aws: &Aws<T>, name: &str) -> Result<String, AwsError> {
    let answer: Answer = call(aws, "GetSecretValue", &serde_json::json!({ "SecretId": name })).await?;
    Ok(answer.secret_string)
}
