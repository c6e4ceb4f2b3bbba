//! Why a deployment stops, each with what to do about it.

use std::path::PathBuf;

use aws::AwsError;

/// A deployment that did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// A call to AWS failed.
    #[error("{0}")]
    Aws(#[from] AwsError),
    /// AWS refuses the credentials.
    #[error("AWS refuses these credentials: {0}. Give keys of the account that the stack belongs in")]
    Credentials(AwsError),
    /// A function's zip is not there.
    #[error("{path} cannot be read ({source}): run `deploy package` first")]
    Zip {
        /// The zip.
        path: PathBuf,
        /// What the file system says.
        source: std::io::Error,
    },
    /// A bucket of that name belongs to somebody else.
    #[error("the bucket {0} belongs to another account: choose another name with --code-bucket")]
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
    #[error("there is no stack {0} in this account and region: run `deploy up` first")]
    NoStack(String),
    /// The stack does not say what this program needs to know.
    #[error("the stack {stack} has no output {output}: run `deploy up` to bring it up to date")]
    MissingOutput {
        /// The stack.
        stack: String,
        /// The output.
        output: &'static str,
    },
}
