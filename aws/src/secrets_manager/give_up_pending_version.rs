use super::call;
use crate::{Aws, AwsError, Transport};

/// UpdateSecretVersionStage: a version is not under rotation any more.
pub async fn give_up_pending_version<T: Transport>(aws: &Aws<T>, id: &str, version: &str) -> Result<(), AwsError> {
    let request = serde_json::json!({ "SecretId": id, "VersionStage": "AWSPENDING", "RemoveFromVersionId": version });
    call::<T, serde_json::Value>(aws, "UpdateSecretVersionStage", &request).await.map(drop)
}
