//! How a call to AWS fails.

use crate::{Service, TransportError};

/// A call that did not succeed: what was attempted, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{service} {operation}: {cause}")]
pub struct AwsError {
    /// The service that was called.
    pub service: Service,
    /// The operation that was called, by AWS's name.
    pub operation: &'static str,
    /// What came of it.
    pub cause: AwsErrorCause,
}

/// What came of a call that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AwsErrorCause {
    /// There was no answer: the call may or may not have been carried out.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// AWS answered with an error.
    #[error("{code}: {message} (status {status}, request {request_id})")]
    Answer {
        /// The HTTP status.
        status: u16,
        /// AWS's error code, such as `ResourceNotFoundException`.
        code: String,
        /// AWS's own words.
        message: String,
        /// AWS's id of the request, for its support; `-` where it gave none.
        request_id: String,
    },
    /// The call could not be signed or formed.
    #[error("the request could not be made: {0}")]
    Request(String),
    /// AWS's answer is not what its API promises.
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
}

impl AwsError {
    /// AWS's error code, where AWS answered with one.
    pub fn code(&self) -> Option<&str> {
        match &self.cause {
            AwsErrorCause::Answer { code, .. } => Some(code),
            _ => None,
        }
    }

    /// Whether the thing the call was about does not exist.
    pub fn is_not_found(&self) -> bool {
        self.code() == Some("ResourceNotFoundException")
    }

    /// Whether AWS asks for fewer calls. The codes are those that the AWS SDKs take for throttling.
    pub fn is_throttling(&self) -> bool {
        match &self.cause {
            AwsErrorCause::Answer { status, code, .. } => {
                *status == 429
                    || matches!(
                        code.as_str(),
                        "Throttling"
                            | "ThrottlingException"
                            | "ThrottledException"
                            | "RequestThrottledException"
                            | "TooManyRequestsException"
                            | "ProvisionedThroughputExceededException"
                            | "RequestLimitExceeded"
                            | "BandwidthLimitExceeded"
                            | "LimitExceededException"
                            | "TransactionInProgressException"
                            // Reasons for which DynamoDB cancels a transaction.
                            | "ThrottlingError"
                            | "ProvisionedThroughputExceeded"
                            | "SlowDown"
                            | "EC2ThrottledException"
                            | "PriorRequestNotComplete"
                    )
            }
            _ => false,
        }
    }

    /// Whether the same call may succeed a little later.
    pub fn is_passing(&self) -> bool {
        match &self.cause {
            AwsErrorCause::Transport(_) => true,
            AwsErrorCause::Answer { status, .. } => *status >= 500 || self.is_throttling(),
            AwsErrorCause::Request(_) | AwsErrorCause::Unreadable(_) => false,
        }
    }
}
