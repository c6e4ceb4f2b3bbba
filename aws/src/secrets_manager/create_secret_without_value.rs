use super::{call, token_of};
use crate::{Aws, AwsError, Transport};

/// CreateSecret under a KMS key, without a value yet. One that exists is a `ResourceExistsException`.
pub async fn create_secret_without_value<T: Transport>(
    aws: &Aws<T>,
    name: &str,
    description: &str,
    kms_key_id: &str,
) -> Result<(), AwsError> {
    let request = serde_json::json!({
        "Name": name,
        "Description": description,
        "KmsKeyId": kms_key_id,
        "ClientRequestToken": token_of(&format!("create {name}")),
    });
    call::<T, serde_json::Value>(aws, "CreateSecret", &request).await.map(drop)
}
