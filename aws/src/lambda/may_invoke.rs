use crate::{Aws, AwsError, Call, Service, Transport};

/// Invoke as a dry run: Lambda says whether the caller may, and calls nothing.
pub async fn may_invoke<T: Transport>(aws: &Aws<T>, function: &str) -> Result<(), AwsError> {
    let call = Call {
        service: Service::Lambda,
        operation: "Invoke",
        method: http::Method::POST,
        path: format!("/2015-03-31/functions/{function}/invocations"),
        headers: vec![("x-amz-invocation-type", "DryRun".to_owned())],
        body: Vec::new(),
    };
    aws.call(call).await.map(drop)
}
