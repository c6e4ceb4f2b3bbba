use super::call;
use crate::{Aws, AwsError, Transport};

/// PutSecretValue: the text of a version that waits to become current. Secrets Manager gives the first version of a secret
/// to readers at once. A version that has another text is a `ResourceExistsException`.
pub async fn put_pending_version<T: Transport>(
    aws: &Aws<T>,
    id: &str,
    version: &str,
    text: &str,
) -> Result<(), AwsError> {
    let request = serde_json::json!({
        "SecretId": id,
        "ClientRequestToken": version,
        "SecretString": text,
        "VersionStages": ["AWSPENDING"],
    });
    call::<T, serde_json::Value>(aws, "PutSecretValue", &request).await.map(drop)
}
