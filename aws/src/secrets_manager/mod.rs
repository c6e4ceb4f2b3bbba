//! Secrets Manager: where the claim certificate and its key are kept, JSON protocol 1.1.

mod create_secret;
mod create_secret_without_value;
mod delete_secret;
mod describe_secret;
mod get_secret_value;
mod get_secret_version;
mod give_up_pending_version;
mod list_secrets;
mod make_version_current;
mod put_pending_version;
mod rotate_secret;
mod token;

pub use create_secret::create_secret;
pub use create_secret_without_value::create_secret_without_value;
pub use delete_secret::delete_secret;
pub use describe_secret::{RotationRules, SecretDescription, describe_secret, secret_exists};
pub use get_secret_value::get_secret_value;
pub use get_secret_version::get_secret_version;
pub use give_up_pending_version::give_up_pending_version;
pub use list_secrets::list_secrets;
pub use make_version_current::make_version_current;
pub use put_pending_version::put_pending_version;
pub use rotate_secret::{INVALID_REQUEST, cancel_rotation, rotate_secret, schedule_rotation};
pub use token::token_of;

use serde::de::DeserializeOwned;

use crate::{Aws, AwsError, AwsErrorCause, Call, Service, Transport};

async fn call<T: Transport, A: DeserializeOwned>(
    aws: &Aws<T>,
    operation: &'static str,
    request: &serde_json::Value,
) -> Result<A, AwsError> {
    let call = Call {
        service: Service::SecretsManager,
        operation,
        method: http::Method::POST,
        path: "/".to_owned(),
        headers: vec![
            ("content-type", "application/x-amz-json-1.1".to_owned()),
            ("x-amz-target", format!("secretsmanager.{operation}")),
        ],
        body: request.to_string().into_bytes(),
    };
    let response = aws.call(call).await?;
    serde_json::from_slice(response.body()).map_err(|error| AwsError {
        service: Service::SecretsManager,
        operation,
        cause: AwsErrorCause::Unreadable(error.to_string()),
    })
}
