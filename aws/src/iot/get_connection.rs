use serde::Deserialize;
use shared::Timestamp;

use super::encoded;
use crate::{Aws, AwsError, AwsErrorCause, Call, Service, Transport};

/// What AWS IoT knows of an MQTT client's connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Whether the client is connected now.
    pub connected: bool,
    /// Since when it is connected, where it is.
    pub connected_since: Option<Timestamp>,
    /// Since when it is not connected, where it is not.
    pub disconnected_since: Option<Timestamp>,
    /// Why it is not connected, in AWS's word, such as `API_INITIATED_DISCONNECT`.
    pub disconnect_reason: Option<String>,
}

/// Times are milliseconds since 1970.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    connected: bool,
    connected_since: Option<i64>,
    disconnected_since: Option<i64>,
    disconnect_reason: Option<String>,
}

/// GetConnection (data plane): whether an MQTT client is connected. `None` where AWS IoT knows nothing of it, as of one that
/// was not connected for half an hour.
pub async fn get_connection<T: Transport>(aws: &Aws<T>, client_id: &str) -> Result<Option<Connection>, AwsError> {
    let operation = "GetConnection";
    let call = Call {
        service: Service::IotData,
        operation,
        method: http::Method::GET,
        path: format!("/connections/{}", encoded(client_id)),
        headers: Vec::new(),
        body: Vec::new(),
    };
    let response = match aws.call(call).await {
        Ok(response) => response,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error),
    };
    let answer: Answer = serde_json::from_slice(response.body()).map_err(|error| AwsError {
        service: Service::IotData,
        operation,
        cause: AwsErrorCause::Unreadable(error.to_string()),
    })?;
    let time = |milliseconds| Timestamp::from_millisecond(milliseconds).ok();
    Ok(Some(Connection {
        connected: answer.connected,
        connected_since: answer.connected_since.and_then(time),
        disconnected_since: answer.disconnected_since.and_then(time),
        disconnect_reason: answer.disconnect_reason.filter(|reason| !reason.is_empty()),
    }))
}
