use super::call;
use crate::{Aws, AwsError, Transport};

/// CreateSecret under a KMS key. `token` (32 to 64 characters) makes a repeat after a lost answer succeed.
pub async fn create_secret<T: Transport>(
    aws: &Aws<T>,
    name: &str,
    description: &str,
    kms_key_id: &str,
    value: &str,
    token: &str,
) -> Result<(), AwsError> {
    let request = serde_json::json!({
        "Name": name,
        "Description": description,
        "KmsKeyId": kms_key_id,
        "SecretString": value,
        "ClientRequestToken": token,
    });
    call::<T, serde_json::Value>(aws, "CreateSecret", &request).await.map(drop)
}
