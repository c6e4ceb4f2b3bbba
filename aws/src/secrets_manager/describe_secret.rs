use super::call;
use crate::{Aws, AwsError, Transport};

/// DescribeSecret, to know whether there is one. It does not read the value.
pub async fn secret_exists<T: Transport>(aws: &Aws<T>, name: &str) -> Result<bool, AwsError> {
    match call::<T, serde_json::Value>(aws, "DescribeSecret", &serde_json::json!({ "SecretId": name })).await {
        // A secret that waits for its deletion is none.
        Ok(answer) => Ok(answer.get("DeletedDate").is_none_or(serde_json::Value::is_null)),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error),
    }
}
