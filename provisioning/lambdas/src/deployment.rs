//! The parts of a deployment that CloudFormation has no resource for: thing events, and a claim certificate whose key is
//! known to Secrets Manager alone.

mod claim;
mod custom_resource;

use serde_json::Value;

use crate::Failure;
use crate::environment::aws_from_environment;

pub use custom_resource::{CustomResourceRequest, deployment_id};

/// Serves CloudFormation's custom resource. Whatever happens, CloudFormation is answered: a silent failure would hold the
/// stack for its whole time-out.
pub async fn deployment(event: &Value) -> Result<Value, Failure> {
    let request = CustomResourceRequest::read(event)?;
    let aws = aws_from_environment()?;
    let outcome = match request.request_type.as_str() {
        "Create" | "Update" => claim::ensure(&aws, &request).await,
        "Delete" => claim::remove(&aws, &request).await,
        other => Err(format!("CloudFormation asked for {other:?}, which is no request type").into()),
    };
    request.answer(&aws.transport, outcome).await?;
    Ok(Value::Null)
}
