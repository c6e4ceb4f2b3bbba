use super::{Ask, encoded, send};
use crate::{Aws, AwsError, Transport};

/// DetachPolicy: takes the rights of a policy from the certificate (by ARN).
pub async fn detach_policy<T: Transport>(aws: &Aws<T>, policy: &str, target: &str) -> Result<(), AwsError> {
    let ask = Ask {
        operation: "DetachPolicy",
        method: http::Method::POST,
        path: format!("/target-policies/{}", encoded(policy)),
        principal: None,
        body: Some(serde_json::json!({ "target": target })),
    };
    send(aws, ask).await.map(drop)
}
