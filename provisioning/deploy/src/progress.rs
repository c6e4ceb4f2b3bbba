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
    /// A rollback that stopped is continued.
    ContinuingRollback(String),
    /// There are deployments of the same name in other regions.
    AlsoIn(Vec<String>),
    /// Tables that the stack did not make want something done.
    BackfillAdvisable(String),
    /// Rows were read and indexed.
    Backfilled {
        /// How many rows were read so far.
        read: u64,
        /// To how many of them the index's attribute was given.
        indexed: u64,
        /// The VIN from which on another run would go on.
        after: Option<String>,
    },
    /// A row that cannot be read was left as it is.
    UnreadableRow(String),
    /// A table gets an index, or has it.
    Index {
        /// The table.
        table: String,
        /// The index.
        index: &'static str,
        /// What is happening to it.
        state: &'static str,
    },
    /// A step of adopting another stack's data.
    Adopting(String),
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
            Progress::ContinuingRollback(stack) => {
                write!(formatter, "taking back what is left of the last update of {stack}")
            }
            Progress::AlsoIn(regions) => {
                write!(formatter, "there is such a deployment in {}, too: this one is another", regions.join(" and "))
            }
            Progress::BackfillAdvisable(why) => write!(formatter, "{why}"),
            Progress::Backfilled { read, indexed, after: Some(after) } => {
                write!(formatter, "{read} rows read, {indexed} indexed; the next run could begin with --after {after}")
            }
            Progress::Backfilled { read, indexed, after: None } => {
                write!(formatter, "{read} rows read, {indexed} indexed: that is all of them")
            }
            Progress::UnreadableRow(row) => write!(formatter, "left as it is: {row}"),
            Progress::Index { table, index, state } => write!(formatter, "{table}: {index} {state}"),
            Progress::Adopting(what) => write!(formatter, "{what}"),
            Progress::NothingToDo(stack) => write!(formatter, "{stack} is up to date"),
            Progress::DeletedConsoleKey(key) => write!(formatter, "deleted the console's access key {key}"),
            Progress::DeletedBucket(bucket) => write!(formatter, "deleted the bucket {bucket}"),
        }
    }
}
