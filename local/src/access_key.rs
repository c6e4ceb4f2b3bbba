//! Access keys kept in files, each belonging to an IAM user.

use std::path::Path;

use anyhow::{Context, Result};
use aws::{Aws, Credentials, Transport};
use serde::{Deserialize, Serialize};

use crate::iam;
use crate::private_file::write_private;

#[derive(Serialize, Deserialize)]
struct KeyFile {
    access_key_id: String,
    secret_access_key: String,
}

/// The key in `file` if AWS still knows it, otherwise a new one of `user`, which is kept there.
///
/// `authority` may make keys. `probe` turns a key into AWS as its holder sees it.
pub(crate) async fn kept_or_new_access_key<T: Transport>(
    file: &Path,
    user: &str,
    authority: &Aws<impl Transport>,
    probe: impl Fn(&Credentials) -> Aws<T>,
) -> Result<Credentials> {
    if let Some(kept) = read(file)
        && iam::is_user(&probe(&kept), user).await?
    {
        return Ok(kept);
    }
    let key = deploy::renew_console_key(authority, user).await?.credentials;
    let text = KeyFile { access_key_id: key.access_key_id.clone(), secret_access_key: key.secret_access_key.clone() };
    write_private(file, &serde_json::to_string(&text)?)?;
    Ok(key)
}

// A file that cannot be read is as good as none: its key is replaced.
fn read(file: &Path) -> Option<Credentials> {
    let KeyFile { access_key_id, secret_access_key } = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
    Some(Credentials { access_key_id, secret_access_key, session_token: None })
}

/// A key that nobody else has, in the spelling of AWS's.
pub(crate) fn random_access_key() -> Result<Credentials> {
    const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut random = [0_u8; 56];
    getrandom::fill(&mut random).ok().context("the operating system gives no random numbers")?;
    let text =
        |bytes: &[u8]| -> String { bytes.iter().map(|byte| char::from(BASE32[usize::from(byte % 32)])).collect() };
    let (id, secret) = random.split_at(16);
    Ok(Credentials { access_key_id: format!("AKIA{}", text(id)), secret_access_key: text(secret), session_token: None })
}
