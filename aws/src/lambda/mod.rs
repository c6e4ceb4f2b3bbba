//! Lambda: functions that are called by name, and how they are set up.

mod function_settings;
mod get_policy;
mod invoke;
mod may_invoke;
mod stream_mapping;

pub use function_settings::{FunctionSettings, function_settings};
pub use get_policy::{PolicyStatement, get_policy};
pub use invoke::invoke;
pub use may_invoke::may_invoke;
pub use stream_mapping::stream_mapping_state;

use serde::de::DeserializeOwned;

use crate::{Aws, AwsError, AwsErrorCause, Call, Service, Transport};

/// Reads what an address below `/2015-03-31/` tells; `None` where there is nothing.
async fn read<T: Transport, A: DeserializeOwned>(
    aws: &Aws<T>,
    operation: &'static str,
    path: String,
) -> Result<Option<A>, AwsError> {
    let service = Service::Lambda;
    let path = format!("/2015-03-31/{path}");
    let call = Call { service, operation, method: http::Method::GET, path, headers: Vec::new(), body: Vec::new() };
    let response = match aws.call(call).await {
        Ok(response) => response,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error),
    };
    let unreadable =
        |error: serde_json::Error| AwsError { service, operation, cause: AwsErrorCause::Unreadable(error.to_string()) };
    serde_json::from_slice(response.body()).map(Some).map_err(unreadable)
}
