//! Why a deployment stops, each with what to do about it.

use std::fmt;
use std::path::PathBuf;

use aws::{AwsError, AwsErrorCause, Service};

/// A deployment that did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// A call to AWS failed.
    #[error("{0}")]
    Aws(AwsError),
    /// AWS refuses the credentials.
    #[error("AWS refuses these credentials: {error}. {advice}")]
    Credentials {
        /// AWS's answer.
        error: AwsError,
        /// What to do.
        advice: &'static str,
    },
    /// The credentials may not do that.
    #[error(
        "these credentials may not call {operation}: attach a policy that allows {permission} to their user or role, and repeat \
         the command: it goes on where it stopped ({said})"
    )]
    NotPermitted {
        /// The operation.
        operation: &'static str,
        /// IAM's name of the permission.
        permission: String,
        /// AWS's own words.
        said: String,
    },
    /// AWS was not reached.
    #[error("{0}. See whether the region's name (--region) and the network are right, and repeat the command")]
    Unreachable(AwsError),
    /// A function's zip is not there.
    #[error("{path} cannot be read ({source}): run `deploy package` first")]
    Zip {
        /// The zip.
        path: PathBuf,
        /// What the file system says.
        source: std::io::Error,
    },
    /// A bucket of that name belongs to somebody else.
    #[error(
        "the bucket {0} belongs to another account, or these credentials may not look into it: choose another name with \
         --code-bucket, or attach a policy that allows s3:ListBucket"
    )]
    ForeignBucket(String),
    /// CloudFormation could not make, change or delete the stack.
    #[error("{stack}: {resource} failed: {reason}. {advice}")]
    Stack {
        /// The stack.
        stack: String,
        /// The first resource that failed, by its name in the template.
        resource: String,
        /// CloudFormation's words.
        reason: String,
        /// What to do.
        advice: String,
    },
    /// The stack is in a state that only a person can lead it out of.
    #[error("{stack} is in state {status}: {advice}")]
    StackState {
        /// The stack.
        stack: String,
        /// CloudFormation's name of the state.
        status: String,
        /// What to do.
        advice: &'static str,
    },
    /// A table that is to be used is not there.
    #[error("there is no table {0} in this account and region: name another, or none to have one made")]
    NoTable(String),
    /// A table that is to be used is for something else.
    #[error("the table {table} has the key {has} and not {key}: name another table")]
    OtherTable {
        /// The table.
        table: String,
        /// The key it must have.
        key: String,
        /// The key it has.
        has: String,
    },
    /// There is no such stack.
    #[error("{0}")]
    NoStack(Absent),
    /// There is no stack to adopt from.
    #[error(
        "there is no stack {stack} in {region}: name the stack of the CMS provisioning module, and its region with --region"
    )]
    NothingToAdopt {
        /// The stack.
        stack: String,
        /// Where it was looked for.
        region: String,
    },
    /// A stack that cannot be adopted as it is.
    #[error("{stack} cannot be adopted yet: {problem}")]
    NotAdoptable {
        /// The stack.
        stack: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// The way to our stack stopped when the old one was gone.
    #[error("{source}. What {stack} left is kept: mend that and repeat the same command, it goes on where it stopped")]
    AdoptionStopped {
        /// The stack that was adopted from.
        stack: String,
        /// What stopped it.
        source: Box<DeployError>,
    },
    /// Something that should not happen.
    #[error("{0}: repeat the command")]
    Unexpected(String),
    /// The index's entries were not all made.
    #[error("{source}. {indexed} rows were indexed; {again}")]
    BackfillStopped {
        /// How many.
        indexed: u64,
        /// How to go on.
        again: String,
        /// What stopped it.
        source: Box<DeployError>,
    },
    /// The stack does not say what this program needs to know.
    #[error("the stack {stack} has no output {output}: run `deploy up` to bring it up to date")]
    MissingOutput {
        /// The stack.
        stack: String,
        /// The output.
        output: &'static str,
    },
}

/// A stack that is not where it was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// The stack.
    pub stack: String,
    /// The region that was looked into.
    pub region: String,
    /// The account's regions in which there is something of a deployment of that name.
    pub elsewhere: Vec<String>,
}

impl fmt::Display for Absent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "there is no stack {} in {}", self.stack, self.region)?;
        if self.elsewhere.is_empty() {
            write!(
                formatter,
                " and nothing of it in this account's other regions: is it the right account (AWS_ACCESS_KEY_ID) and --app?"
            )
        } else {
            write!(formatter, ", but something of it in {}: name that with --region", self.elsewhere.join(" and "))
        }
    }
}

impl From<AwsError> for DeployError {
    fn from(error: AwsError) -> Self {
        let (status, code, message) = match &error.cause {
            AwsErrorCause::Transport(_) => return DeployError::Unreachable(error),
            AwsErrorCause::Answer { status, code, message, .. } => (*status, code.clone(), message.clone()),
            AwsErrorCause::Request(_) | AwsErrorCause::Unreadable(_) => return DeployError::Aws(error),
        };
        let advice = match code.as_str() {
            "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired" => {
                "They are temporary and have ended: get new ones, and set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and \
                 AWS_SESSION_TOKEN together"
            }
            "InvalidClientTokenId" | "InvalidAccessKeyId" | "UnrecognizedClientException" | "AuthFailure" => {
                "AWS knows no such key: give keys of the account that the stack belongs in, with AWS_SESSION_TOKEN where they \
                 are temporary"
            }
            "SignatureDoesNotMatch" | "InvalidSignatureException" | "IncompleteSignature" | "RequestTimeTooSkewed" => {
                "The secret key does not belong to the key id, or this machine's clock is wrong: correct that"
            }
            code if status == 403
                || code.starts_with("AccessDenied")
                || matches!(code, "UnauthorizedException" | "NotAuthorized" | "UnauthorizedOperation") =>
            {
                return DeployError::NotPermitted {
                    operation: error.operation,
                    permission: permission(error.service, error.operation),
                    said: message,
                };
            }
            _ => return DeployError::Aws(error),
        };
        DeployError::Credentials { error, advice }
    }
}

/// IAM's name of the permission that a call needs, which is mostly the call's.
fn permission(service: Service, operation: &str) -> String {
    match (service, operation) {
        (Service::S3, "HeadBucket" | "ListObjectsV2") => "s3:ListBucket".to_owned(),
        (Service::S3, "HeadObject") => "s3:GetObject".to_owned(),
        (Service::S3, "ListBuckets") => "s3:ListAllMyBuckets".to_owned(),
        // Calls to AWS IoT's data plane are permitted under its control plane's name.
        (Service::IotData, operation) => format!("iot:{operation}"),
        (service, operation) => format!("{}:{operation}", service.signing_name()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(service: Service, operation: &'static str, status: u16, code: &str) -> DeployError {
        let (code, message) = (code.to_owned(), "words".to_owned());
        let cause = AwsErrorCause::Answer { status, code, message, request_id: "-".to_owned() };
        AwsError { service, operation, cause }.into()
    }

    #[test]
    fn a_missing_permission_is_named_as_iam_names_it() {
        let said = answered(Service::CloudFormation, "CreateStack", 403, "AccessDenied").to_string();
        assert!(
            said.contains("may not call CreateStack: attach a policy that allows cloudformation:CreateStack"),
            "{said}"
        );
        let said = answered(Service::S3, "HeadObject", 403, "").to_string();
        assert!(said.contains("allows s3:GetObject"), "{said}");
        let said = answered(Service::DynamoDb, "Scan", 400, "AccessDeniedException").to_string();
        assert!(said.contains("allows dynamodb:Scan"), "{said}");
    }

    #[test]
    fn each_way_to_refuse_credentials_says_what_is_wrong_with_them() {
        for (code, advice) in [
            ("ExpiredToken", "get new ones"),
            ("InvalidClientTokenId", "AWS knows no such key"),
            ("SignatureDoesNotMatch", "does not belong to the key id"),
        ] {
            let said = answered(Service::Sts, "GetCallerIdentity", 403, code).to_string();
            assert!(said.contains(advice), "{said}");
        }
    }

    #[test]
    fn a_region_that_does_not_exist_is_asked_about() {
        let cause = AwsErrorCause::Transport(aws::TransportError("dns error".to_owned()));
        let error = AwsError { service: Service::Sts, operation: "GetCallerIdentity", cause };
        assert!(DeployError::from(error).to_string().contains("--region"));
    }

    #[test]
    fn a_stack_that_is_elsewhere_is_looked_for_there() {
        let absent = |elsewhere: &[&str]| Absent {
            stack: "cms-provisioning".to_owned(),
            region: "eu-west-1".to_owned(),
            elsewhere: elsewhere.iter().map(|&region| region.to_owned()).collect(),
        };
        assert_eq!(
            absent(&["eu-central-1"]).to_string(),
            "there is no stack cms-provisioning in eu-west-1, but something of it in eu-central-1: name that with --region"
        );
        assert!(absent(&[]).to_string().contains("is it the right account"));
    }
}
