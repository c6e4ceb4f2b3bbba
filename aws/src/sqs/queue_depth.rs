use std::collections::BTreeMap;

use serde::Deserialize;

use crate::json::{self, Target};
use crate::{Aws, AwsError, AwsErrorCause, Service, Transport};

const OPERATION: &str = "GetQueueAttributes";
const WAITING: &str = "ApproximateNumberOfMessages";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

/// GetQueueAttributes: about how many messages wait in the queue.
pub async fn queue_depth<T: Transport>(aws: &Aws<T>, queue_url: &str) -> Result<u64, AwsError> {
    let target = Target { service: Service::Sqs, prefix: "AmazonSQS", version: "1.0" };
    let request = serde_json::json!({ "QueueUrl": queue_url, "AttributeNames": [WAITING] });
    let answer: Answer = json::call(aws, target, OPERATION, &request).await?;
    let depth = answer.attributes.get(WAITING).and_then(|depth| depth.parse().ok());
    depth.ok_or_else(|| AwsError {
        service: Service::Sqs,
        operation: OPERATION,
        cause: AwsErrorCause::Unreadable(format!("it has no {WAITING}")),
    })
}
