use super::call;
use crate::{Aws, AwsError, Transport};

/// UpdateSecretVersionStage: readers get this version from now on. `before` is the version they get now, if any.
pub async fn make_version_current<T: Transport>(
    aws: &Aws<T>,
    id: &str,
    version: &str,
    before: Option<&str>,
) -> Result<(), AwsError> {
    let mut request = serde_json::json!({ "SecretId": id, "VersionStage": "AWSCURRENT", "MoveToVersionId": version });
    if let Some(before) = before {
        request["RemoveFromVersionId"] = before.into();
    }
    call::<T, serde_json::Value>(aws, "UpdateSecretVersionStage", &request).await.map(drop)
}
