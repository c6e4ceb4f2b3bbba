//! What a deployment tells while it goes on.

use std::fmt;

/// Something that happened, worth a line to whoever waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The bucket for code was made.
    MadeBucket(String),
    /// A function's zip was uploaded.
    Uploaded(String),
    /// A function's zip was there already.
    AlreadyUploaded(String),
    /// Another operation on the stack is awaited.
    Waiting {
        /// CloudFormation's name of the state.
        status: String,
    },
    /// A stack that never came into being is cleared away.
    ClearingFailedStack(String),
    /// The policy that an earlier stack left with its vehicles is used on.
    AdoptedVehiclePolicy(String),
    /// The stack's creation, update or deletion begins.
    Began(&'static str, String),
    /// Something happened to a resource.
    Resource {
        /// The resource's name in the template.
        resource: String,
        /// CloudFormation's name of its state.
        status: String,
        /// CloudFormation's reason, where it gives one.
        reason: Option<String>,
    },
    /// The stack is as the template says already.
    NothingToDo(String),
    /// A key of the console's user was deleted.
    DeletedConsoleKey(String),
    /// The bucket for code was emptied and deleted.
    DeletedBucket(String),
}

impl Progress {
    /// Whether this only says that something began: whoever finds that too much may leave it out.
    pub fn is_minor(&self) -> bool {
        matches!(self, Progress::Resource { status, .. } if status.ends_with("_IN_PROGRESS"))
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Progress::MadeBucket(bucket) => write!(formatter, "made the bucket {bucket}"),
            Progress::Uploaded(function) => write!(formatter, "uploaded {function}"),
            Progress::AlreadyUploaded(function) => write!(formatter, "{function} has not changed"),
            Progress::Waiting { status } => write!(formatter, "the stack is busy ({status}): waiting for that to end"),
            Progress::ClearingFailedStack(stack) => write!(formatter, "clearing away {stack}, which never came to be"),
            Progress::AdoptedVehiclePolicy(policy) => {
                write!(formatter, "vehicles go on with the policy {policy}, which is there already and stays as it is")
            }
            Progress::Began(what, stack) => write!(formatter, "{what} {stack}"),
            Progress::Resource { resource, status, reason: Some(reason) } => {
                write!(formatter, "  {resource} {status}: {reason}")
            }
            Progress::Resource { resource, status, reason: None } => write!(formatter, "  {resource} {status}"),
            Progress::NothingToDo(stack) => write!(formatter, "{stack} is up to date"),
            Progress::DeletedConsoleKey(key) => write!(formatter, "deleted the console's access key {key}"),
            Progress::DeletedBucket(bucket) => write!(formatter, "deleted the bucket {bucket}"),
        }
    }
}
