//! The JSON protocol of the services that take an operation's name in a header.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Aws, AwsError, AwsErrorCause, Call, Service, Transport};

/// A service, and how it wants to be addressed.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    /// The service.
    pub service: Service,
    /// What stands before an operation's name.
    pub prefix: &'static str,
    /// The protocol's version.
    pub version: &'static str,
}

/// Calls an operation and reads its answer.
pub(crate) async fn call<T: Transport, A: DeserializeOwned>(
    aws: &Aws<T>,
    target: Target,
    operation: &'static str,
    request: &Value,
) -> Result<A, AwsError> {
    let Target { service, prefix, version } = target;
    let call = Call {
        service,
        operation,
        method: http::Method::POST,
        path: "/".to_owned(),
        headers: vec![
            ("content-type", format!("application/x-amz-json-{version}")),
            ("x-amz-target", format!("{prefix}.{operation}")),
        ],
        body: request.to_string().into_bytes(),
    };
    let response = aws.call(call).await?;
    serde_json::from_slice(response.body()).map_err(|error| AwsError {
        service,
        operation,
        cause: AwsErrorCause::Unreadable(error.to_string()),
    })
}
