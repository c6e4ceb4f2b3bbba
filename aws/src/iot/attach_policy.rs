use super::{Ask, encoded, send};
use crate::{Aws, AwsError, Transport};

/// AttachPolicy: gives the certificate (by ARN) the rights of a policy.
pub async fn attach_policy<T: Transport>(aws: &Aws<T>, policy: &str, target: &str) -> Result<(), AwsError> {
    let ask = Ask {
        operation: "AttachPolicy",
        method: http::Method::PUT,
        path: format!("/target-policies/{}", encoded(policy)),
        principal: None,
        body: Some(serde_json::json!({ "target": target })),
    };
    send(aws, ask).await.map(drop)
}
