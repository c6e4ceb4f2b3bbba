//! Why nothing could be tried, each with what to do about it.

use aws::tables::MissingSetting;
use aws::{AwsError, AwsErrorCause, Service};
use shared::InvalidVinPattern;

use crate::{CustomizeProblem, DeployError};

/// A dry run that did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum DryRunProblem {
    /// A file cannot be read.
    #[error("{file} cannot be read ({source}): name a file that exists")]
    File {
        /// The file.
        file: String,
        /// What the file system says.
        source: std::io::Error,
    },
    /// A proposed file cannot be used.
    #[error(transparent)]
    Customize(#[from] CustomizeProblem),
    /// The pattern is none.
    #[error("{0}. Correct it")]
    VinPattern(#[from] InvalidVinPattern),
    /// There is no deployment to compare with.
    #[error(
        "there is no stack {0} in this account and region, so there is nothing to compare with: name the deployment with --app \
         and --region, or run `deploy up` first"
    )]
    NoStack(String),
    /// The stack has no such part any more.
    #[error(
        "the stack speaks of {0}, and it is not there: somebody deleted it; run `deploy up` to bring the stack up to date"
    )]
    Gone(String),
    /// The credentials may not do that.
    #[error("these credentials may not call {operation}: give them the permission {permission} and try again ({said})")]
    NotAllowed {
        /// The operation.
        operation: &'static str,
        /// IAM's name of the permission.
        permission: String,
        /// AWS's own words.
        said: String,
    },
    /// AWS takes the credentials for nobody's.
    #[error("AWS refuses these credentials: {0}. Give keys of the account that the stack is in")]
    Credentials(AwsError),
    /// AWS was not reached.
    #[error("{0}. See whether the region and the network are right, and try again")]
    Unreachable(AwsError),
    /// Another call failed.
    #[error("{0}")]
    Aws(AwsError),
    /// The deployment is not as it should be.
    #[error(transparent)]
    Deployment(#[from] DeployError),
    /// A table is not known.
    #[error(transparent)]
    Setting(#[from] MissingSetting),
}

impl DryRunProblem {
    /// What a failed call means.
    pub(crate) fn of_call(error: AwsError) -> Self {
        match &error.cause {
            AwsErrorCause::Transport(_) => DryRunProblem::Unreachable(error),
            AwsErrorCause::Answer { status, code, message, .. } => match code.as_str() {
                "UnrecognizedClientException"
                | "InvalidClientTokenId"
                | "SignatureDoesNotMatch"
                | "ExpiredToken"
                | "ExpiredTokenException"
                | "InvalidSignatureException"
                | "IncompleteSignature" => DryRunProblem::Credentials(error),
                code if *status == 403 || code.starts_with("AccessDenied") || code == "UnauthorizedException" => {
                    DryRunProblem::NotAllowed {
                        operation: error.operation,
                        permission: permission(error.service, error.operation),
                        said: if message.is_empty() { code.to_owned() } else { message.clone() },
                    }
                }
                _ => DryRunProblem::Aws(error),
            },
            _ => DryRunProblem::Aws(error),
        }
    }
}

fn permission(service: Service, operation: &str) -> String {
    format!("{}:{operation}", service.signing_name())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, code: &str) -> String {
        let cause = AwsErrorCause::Answer {
            status,
            code: code.to_owned(),
            message: "no".to_owned(),
            request_id: "-".to_owned(),
        };
        DryRunProblem::of_call(AwsError { service: Service::Iot, operation: "GetPolicy", cause }).to_string()
    }

    #[test]
    fn a_missing_permission_is_told_by_its_name() {
        let told =
            "these credentials may not call GetPolicy: give them the permission iot:GetPolicy and try again (no)";
        assert_eq!(answered(403, "ForbiddenException"), told);
        assert_eq!(answered(400, "AccessDeniedException"), told);
    }

    #[test]
    fn credentials_of_nobody_are_told_from_a_missing_permission() {
        assert!(answered(403, "InvalidClientTokenId").starts_with("AWS refuses these credentials"));
        assert!(answered(500, "InternalFailureException").contains("InternalFailureException"));
    }
}
