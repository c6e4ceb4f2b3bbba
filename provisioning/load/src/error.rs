//! What keeps a load test from being carried out. What vehicles experience is part of its summary instead.

use std::path::PathBuf;

use aws::{AwsError, PerformError};
use vehicle::VehicleError;

/// Why there is no summary.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file that says where the stack is cannot be used.
    #[error("{} cannot be used: {problem}; start the local stack with make run, or write such a file for an AWS account (see --help)", path.display())]
    Stack {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The test itself may not do what it needs to.
    #[error("these AWS credentials do not suffice to {attempted}: {source}; they need {}", PERMISSIONS)]
    NotPermitted {
        /// What was attempted.
        attempted: &'static str,
        /// AWS's refusal.
        source: AwsError,
    },
    /// A call failed for good.
    #[error("could not {attempted}: {source}")]
    Aws {
        /// What was attempted.
        attempted: &'static str,
        /// The failed call.
        source: AwsError,
    },
    /// The claim certificate or the broker's address cannot be used.
    #[error(transparent)]
    Vehicle(#[from] VehicleError),
    /// The operating system gives no random numbers.
    #[error("no fresh VINs can be drawn: {0}")]
    NoRandomness(String),
}

/// What the test calls, for the sentence of a refusal and for `--help`.
pub const PERMISSIONS: &str = "\
secretsmanager:GetSecretValue (and kms:Decrypt) on the claim secret, dynamodb:PutItem on AuthorizedVehicles, \
dynamodb:Query on ProvisionedVehicles and ProvisioningAttempts, iot:DescribeCertificate; and to clean up \
iot:UpdateCertificate, iot:ListPrincipalThings, iot:DetachThingPrincipal, iot:ListAttachedPolicies, iot:DetachPolicy, \
iot:DeleteCertificate, iot:DeleteThing, dynamodb:DeleteItem on the three tables";

impl LoadError {
    /// The error for a call that was made to do this.
    pub(crate) fn attempting(attempted: &'static str) -> impl FnOnce(AwsError) -> Self {
        move |source| match source.code() {
            Some("AccessDeniedException" | "AccessDenied" | "UnauthorizedException" | "ForbiddenException") => {
                Self::NotPermitted { attempted, source }
            }
            _ => Self::Aws { attempted, source },
        }
    }

    /// The error for an effect that was carried out to do this.
    pub(crate) fn performing(attempted: &'static str) -> impl FnOnce(PerformError) -> Self {
        move |error| match error {
            PerformError::Failed { source, .. } => Self::attempting(attempted)(source),
            // None of the effects used here has a condition on facts.
            PerformError::FactsChanged { .. } => Self::Aws {
                attempted,
                source: AwsError {
                    service: aws::Service::DynamoDb,
                    operation: "UpdateItem",
                    cause: aws::AwsErrorCause::Unreadable(error.to_string()),
                },
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_which_permissions_are_needed() {
        let refusal = |code: &str| AwsError {
            service: aws::Service::Iot,
            operation: "DescribeCertificate",
            cause: aws::AwsErrorCause::Answer {
                status: 403,
                code: code.to_owned(),
                message: "no".to_owned(),
                request_id: "-".to_owned(),
            },
        };
        let sentence = LoadError::attempting("look")(refusal("AccessDeniedException")).to_string();
        assert!(sentence.contains("iot:DescribeCertificate; and to clean up"), "{sentence}");
        let other = LoadError::attempting("look")(refusal("InternalFailureException"));
        assert!(matches!(other, LoadError::Aws { .. }), "{other}");
    }
}
