use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Ask, read};
use crate::{Aws, AwsError, Transport};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    event_configurations: BTreeMap<String, Configuration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Configuration {
    #[serde(default)]
    enabled: bool,
}

/// DescribeEventConfigurations: whether AWS IoT publishes an event for every change of a thing.
pub async fn thing_events_are_on<T: Transport>(aws: &Aws<T>) -> Result<bool, AwsError> {
    let ask = Ask {
        operation: "DescribeEventConfigurations",
        method: http::Method::GET,
        path: "/event-configurations".to_owned(),
        principal: None,
        body: None,
    };
    let answer: Answer = read(aws, ask).await?;
    Ok(answer.event_configurations.get("THING").is_some_and(|thing| thing.enabled))
}
