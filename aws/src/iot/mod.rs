//! IoT Core, control plane and data plane: REST with JSON.

mod attach_policy;
mod attach_thing_principal;
mod create_certificate_from_csr;
mod create_keys_and_certificate;
mod create_thing;
mod delete_ca_certificate;
mod delete_certificate;
mod delete_connection;
mod describe_ca_certificate;
mod describe_certificate;
mod describe_event_configurations;
mod describe_provisioning_template;
mod describe_thing;
mod detach_policy;
mod detach_thing_principal;
mod get_connection;
mod get_registration_code;
mod get_topic_rule;
mod list_attached_policies;
mod list_ca_certificates;
mod list_certificates_by_ca;
mod list_principal_things;
mod list_targets_for_policy;
mod provisioning_template;
mod register_ca_certificate;
mod register_certificate;
mod register_certificate_without_ca;
mod update_ca_certificate;
mod update_certificate;
mod update_event_configurations;
mod update_thing;

pub use attach_policy::attach_policy;
pub use attach_thing_principal::attach_thing_principal;
pub use create_certificate_from_csr::{SignedCertificate, create_certificate_from_csr};
pub use create_keys_and_certificate::{KeyPair, KeysAndCertificate, create_keys_and_certificate};
pub use create_thing::create_thing;
pub use delete_ca_certificate::delete_ca_certificate;
pub use delete_certificate::delete_certificate;
pub use delete_connection::delete_connection;
pub use describe_ca_certificate::{AuthorityDescription, describe_ca_certificate};
pub use describe_certificate::{CertificateDescription, describe_certificate};
pub use describe_event_configurations::thing_events_are_on;
pub use describe_provisioning_template::describe_provisioning_template;
pub use describe_thing::{ThingDescription, describe_thing};
pub use detach_policy::detach_policy;
pub use detach_thing_principal::detach_thing_principal;
pub use get_connection::{Connection, get_connection};
pub use get_registration_code::registration_code;
pub use get_topic_rule::{TopicRule, get_topic_rule};
pub use list_attached_policies::list_attached_policies;
pub use list_ca_certificates::list_ca_certificates;
pub use list_certificates_by_ca::count_certificates_by_ca;
pub use list_principal_things::list_principal_things;
pub use list_targets_for_policy::list_targets_for_policy;
pub use provisioning_template::{Hook, TemplateSettings, template_settings};
pub use register_ca_certificate::register_ca_certificate;
pub use register_certificate::register_certificate;
pub use register_certificate_without_ca::register_certificate_without_ca;
pub use update_ca_certificate::{AuthorityChange, update_ca_certificate};
pub use update_certificate::{RequestedStatus, update_certificate};
pub use update_event_configurations::enable_thing_events;
pub use update_thing::{AttributeChange, update_thing};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use shared::Timestamp;

use crate::{Aws, AwsError, AwsErrorCause, Call, Service, Transport};

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// AWS IoT writes times as seconds since 1970 with a fraction.
fn epoch_seconds(seconds: f64) -> Option<Timestamp> {
    Timestamp::from_millisecond((seconds * 1_000.0) as i64).ok()
}

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
