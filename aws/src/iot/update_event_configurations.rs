use super::{Ask, send};
use crate::{Aws, AwsError, Transport};

/// UpdateEventConfigurations: AWS IoT publishes an event for every change of a thing.
pub async fn enable_thing_events<T: Transport>(aws: &Aws<T>) -> Result<(), AwsError> {
    let ask = Ask {
        operation: "UpdateEventConfigurations",
        method: http::Method::PATCH,
        path: "/event-configurations".to_owned(),
        principal: None,
        body: Some(serde_json::json!({ "eventConfigurations": { "THING": { "Enabled": true } } })),
    };
    send(aws, ask).await.map(drop)
}
