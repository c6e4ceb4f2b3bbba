use serde::Deserialize;

use super::call;
use crate::{Aws, AwsError, Transport};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    secret_string: Option<String>,
}

/// GetSecretValue: the text of one version; `None` where that version has none yet, or does not exist.
pub async fn get_secret_version<T: Transport>(
    aws: &Aws<T>,
    id: &str,
    version: &str,
) -> Result<Option<String>, AwsError> {
    let request = serde_json::json!({ "SecretId": id, "VersionId": version });
    match call::<T, Answer>(aws, "GetSecretValue", &request).await {
        Ok(answer) => Ok(answer.secret_string),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
