use super::encoded;
use crate::{Aws, AwsError, Call, Service, Transport};

/// DeleteConnection (data plane): ends the live connection of an MQTT client and discards its session.
/// A client that is not connected is a `ResourceNotFoundException`.
///
/// Its last will is published, as it is whenever a connection is lost: whoever listens learns that the client is gone.
pub async fn delete_connection<T: Transport>(aws: &Aws<T>, client_id: &str) -> Result<(), AwsError> {
    let call = Call {
        service: Service::IotData,
        operation: "DeleteConnection",
        method: http::Method::DELETE,
        path: format!("/connections/{}?cleanSession=true", encoded(client_id)),
        headers: Vec::new(),
        body: Vec::new(),
    };
    aws.call(call).await.map(drop)
}
