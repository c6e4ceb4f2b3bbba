//! IoT Core, control plane and data plane: REST with JSON.

mod attach_policy;
mod create_keys_and_certificate;
mod delete_certificate;
mod delete_connection;
mod describe_certificate;
mod detach_policy;
mod detach_thing_principal;
mod list_attached_policies;
mod list_principal_things;
mod list_targets_for_policy;
mod update_certificate;
mod update_event_configurations;

pub use attach_policy::attach_policy;
pub use create_keys_and_certificate::{KeyPair, KeysAndCertificate, create_keys_and_certificate};
pub use delete_certificate::delete_certificate;
pub use delete_connection::delete_connection;
pub use describe_certificate::{CertificateDescription, describe_certificate};
pub use detach_policy::detach_policy;
pub use detach_thing_principal::detach_thing_principal;
pub use list_attached_policies::list_attached_policies;
pub use list_principal_things::list_principal_things;
pub use list_targets_for_policy::list_targets_for_policy;
pub use update_certificate::{RequestedStatus, update_certificate};
pub use update_event_configurations::enable_thing_events;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;

use crate::{Aws, AwsError, AwsErrorCause, Call, Service, Transport};

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text as a part of a path or as a query value.
fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// What one operation asks of the control plane.
struct Ask<'a> {
    operation: &'static str,
    method: http::Method,
    path: String,
    /// The principal of the operations that take it as a header.
    principal: Option<&'a str>,
    body: Option<serde_json::Value>,
}

async fn send<T: Transport>(aws: &Aws<T>, ask: Ask<'_>) -> Result<Vec<u8>, AwsError> {
    let mut headers = Vec::new();
    if ask.body.is_some() {
        headers.push(("content-type", "application/json".to_owned()));
    }
    headers.extend(ask.principal.map(|principal| ("x-amzn-principal", principal.to_owned())));
    let call = Call {
        service: Service::Iot,
        operation: ask.operation,
        method: ask.method,
        path: ask.path,
        headers,
        body: ask.body.map(|body| body.to_string().into_bytes()).unwrap_or_default(),
    };
    Ok(aws.call(call).await?.into_body())
}

async fn read<T: Transport, A: DeserializeOwned>(aws: &Aws<T>, ask: Ask<'_>) -> Result<A, AwsError> {
    let operation = ask.operation;
    let body = send(aws, ask).await?;
    serde_json::from_slice(&body).map_err(|error| AwsError {
        service: Service::Iot,
        operation,
        cause: AwsErrorCause::Unreadable(error.to_string()),
    })
}
