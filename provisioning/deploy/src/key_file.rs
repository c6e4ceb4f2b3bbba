//! The file an access key is written to: new, and for its owner alone.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

use aws::Credentials;

/// Makes the file. The error says why it cannot be made.
pub fn open(path: &Path) -> Result<File, String> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| format!("{} cannot be made: {error}", path.display()))
}

/// Writes the key in the form that `.dev.vars` and shells read.
pub fn write(mut file: File, key: &Credentials) -> std::io::Result<()> {
    writeln!(file, "AWS_ACCESS_KEY_ID={}\nAWS_SECRET_ACCESS_KEY={}", key.access_key_id, key.secret_access_key)
}
