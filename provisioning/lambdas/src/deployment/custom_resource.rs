//! CloudFormation's protocol for custom resources.

use aws::Transport;
use aws::tables::TableNames;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::environment::setting;
use crate::{Failure, log};

/// A number that stands for the deployment as long as there is its stack, and says nothing of it. CloudFormation puts a random
/// part into each stack's id, which nobody can guess from the digest.
pub fn deployment_id(stack_id: &str) -> String {
    let digest = Sha256::digest(format!("anonymised metrics of {stack_id}"));
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// What CloudFormation asks.
#[derive(Clone, Debug)]
pub struct CustomResourceRequest {
    /// `Create`, `Update` or `Delete`.
    pub request_type: String,
    /// The policy that makes a certificate a claim certificate.
    pub claim_policy: String,
    /// The secret that keeps the claim certificate.
    pub secret: String,
    /// The key that encrypts the secret.
    pub kms_key_id: String,
    /// Where the tables are.
    pub tables: TableNames,
    /// After how many days a claim is rotated by itself; 0: never.
    pub rotation_days: u32,
    /// The ARN of the function that rotates.
    pub rotation_function: String,
    identity: Value,
    response_url: String,
}

impl CustomResourceRequest {
    /// Reads the request. The error names what is missing.
    pub fn read(event: &Value) -> Result<Self, Failure> {
        let text = |value: &Value, name: &str| {
            value[name].as_str().map(str::to_owned).ok_or_else(|| format!("the request lacks {name}"))
        };
        let properties = &event["ResourceProperties"];
        let secret = text(properties, "SecretName")?;
        Ok(CustomResourceRequest {
            request_type: text(event, "RequestType")?,
            claim_policy: text(properties, "ClaimPolicyName")?,
            kms_key_id: text(properties, "KmsKeyId")?,
            tables: TableNames::from_settings(setting)?,
            // A stack that is taken away may have been made before claims were rotated.
            rotation_days: properties["ClaimRotationDays"].as_str().unwrap_or("0").parse()?,
            rotation_function: properties["RotationFunctionArn"].as_str().unwrap_or_default().to_owned(),
            identity: json!({
                "StackId": text(event, "StackId")?,
                "RequestId": text(event, "RequestId")?,
                "LogicalResourceId": text(event, "LogicalResourceId")?,
                // The same id for ever: CloudFormation deletes what had another one after an update.
                "PhysicalResourceId": event["PhysicalResourceId"].as_str().unwrap_or(&secret),
            }),
            response_url: text(event, "ResponseURL")?,
            secret,
        })
    }

    /// Answers at the address CloudFormation gave.
    pub(super) async fn answer(&self, transport: &impl Transport, outcome: Result<(), Failure>) -> Result<(), Failure> {
        let mut answer = self.identity.clone();
        let stack = self.identity["StackId"].as_str().unwrap_or_default();
        answer["Data"] = json!({ "DeploymentId": deployment_id(stack) });
        answer["Status"] = if outcome.is_ok() { "SUCCESS" } else { "FAILED" }.into();
        if let Err(error) = &outcome {
            log::error("the deployment's own part failed", &[("error", error.to_string())]);
            answer["Reason"] = error.to_string().into();
        }
        // The address is signed for a request without a content type.
        let request = http::Request::put(&self.response_url).body(answer.to_string().into_bytes())?;
        let response = transport.send(request).await?;
        if response.status().is_success() {
            Ok(())
        } else {
            Err(format!("CloudFormation refused the answer with status {}", response.status()).into())
        }
    }
}
