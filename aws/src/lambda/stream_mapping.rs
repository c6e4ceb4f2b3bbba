use serde::Deserialize;

use super::read;
use crate::{Aws, AwsError, Transport};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    state: String,
}

/// GetEventSourceMapping: the state of what feeds a stream to a function, `Enabled` where it does; `None` where there is none.
pub async fn stream_mapping_state<T: Transport>(aws: &Aws<T>, id: &str) -> Result<Option<String>, AwsError> {
    let answer: Option<Answer> = read(aws, "GetEventSourceMapping", format!("event-source-mappings/{id}")).await?;
    Ok(answer.map(|answer| answer.state))
}
