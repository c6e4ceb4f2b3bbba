use serde_json::Value;

use crate::{Aws, AwsError, AwsErrorCause, Call, Service, Transport};

const OPERATION: &str = "Invoke";

/// Invoke: calls a function and waits for its answer. A function that failed is an error with the code `FunctionError` and
/// the function's own words.
pub async fn invoke<T: Transport>(aws: &Aws<T>, function: &str, event: &Value) -> Result<Value, AwsError> {
    let failed = |cause| AwsError { service: Service::Lambda, operation: OPERATION, cause };
    let call = Call {
        service: Service::Lambda,
        operation: OPERATION,
        method: http::Method::POST,
        path: format!("/2015-03-31/functions/{function}/invocations"),
        headers: vec![("content-type", "application/json".to_owned())],
        body: event.to_string().into_bytes(),
    };
    let response = aws.call(call).await?;
    let answer: Value = serde_json::from_slice(response.body())
        .map_err(|error| failed(AwsErrorCause::Unreadable(error.to_string())))?;
    if !response.headers().contains_key("x-amz-function-error") {
        return Ok(answer);
    }
    let request_id = response.headers().get("x-amzn-requestid").and_then(|value| value.to_str().ok());
    Err(failed(AwsErrorCause::Answer {
        status: response.status().as_u16(),
        code: "FunctionError".to_owned(),
        message: answer["errorMessage"].as_str().unwrap_or("the function does not say why").to_owned(),
        request_id: request_id.unwrap_or("-").to_owned(),
    }))
}
