//! The access key that the console's API signs with.

use aws::{Aws, Credentials, Transport};

use crate::{DeployError, iam};

/// A new access key of the console's user.
#[derive(Clone, Debug)]
pub struct ConsoleKey {
    /// The key. AWS shows its secret part this once.
    pub credentials: Credentials,
    /// The ids of the keys that were deleted for it.
    pub replaced: Vec<String>,
}

/// Makes a new access key for the console's user and deletes its older ones: what signs with them is refused from now on.
/// IAM may take a few seconds until every service knows the new key.
pub async fn renew_console_key<T: Transport>(aws: &Aws<T>, user: &str) -> Result<ConsoleKey, DeployError> {
    // A user has two keys at most, so the older ones go first.
    let replaced = iam::access_key_ids(aws, user).await?;
    for key in &replaced {
        iam::delete_access_key(aws, user, key).await?;
    }
    Ok(ConsoleKey { credentials: iam::create_access_key(aws, user).await?, replaced })
}
