use super::call;
use crate::{Aws, AwsError, Transport};

/// DeleteSecret at once, without a recovery window: a claim key that is no longer needed must not be recoverable.
pub async fn delete_secret<T: Transport>(aws: &Aws<T>, name: &str) -> Result<(), AwsError> {
    let request = serde_json::json!({ "SecretId": name, "ForceDeleteWithoutRecovery": true });
    call::<T, serde_json::Value>(aws, "DeleteSecret", &request).await.map(drop)
}
