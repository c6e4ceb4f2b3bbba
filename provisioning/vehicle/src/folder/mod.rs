//! The folder a vehicle keeps its identity in: `certificate.pem`, `private.key` and `identity.json`.
//!
//! Three more files exist only for a while. `.new.key` is a key that the vehicle made, from before anything is asked with
//! it; the next attempt asks with the same. `.unregistered.json` holds a certificate that is issued but whose
//! registration is not known to have succeeded; the next attempt takes it up again, so that a lost answer strands
//! nobody. `.registered.json` holds a registered one that is about to become the three files: it is written first,
//! whole, and removed last, so that an interruption between the files is made good when the folder is next read.

mod install;
mod new_key;
mod private_file;
mod read_identity;
mod unregistered;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::VehicleError;
pub(crate) use unregistered::Unregistered;

const CERTIFICATE: &str = "certificate.pem";
const PRIVATE_KEY: &str = "private.key";
const IDENTITY: &str = "identity.json";
const NEW_KEY: &str = ".new.key";
const UNREGISTERED: &str = ".unregistered.json";
const REGISTERED: &str = ".registered.json";
const LOCK: &str = ".lock";

/// An identity folder held by this process alone until it is dropped.
#[derive(Debug)]
pub struct IdentityFolder {
    path: PathBuf,
    _lock: File,
}

/// `identity.json`.
#[derive(Debug, Serialize, Deserialize, PartialEq, Eq)]
struct IdentityDescription {
    vin: String,
    certificate_id: String,
    thing_name: String,
}

impl IdentityFolder {
    /// Makes the folder if need be (0700), claims it for this process and finishes what an interruption left undone.
    pub fn open(path: &Path) -> Result<Self, VehicleError> {
        private_file::create_private_folder(path).map_err(storage("create", path))?;
        let lock_path = path.join(LOCK);
        let lock = private_file::open_private(&lock_path).map_err(storage("create", &lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(VehicleError::BadInput(format!(
                    "{} is in use by another vehicle; give each vehicle a folder of its own",
                    path.display()
                )));
            }
            Err(TryLockError::Error(source)) => return Err(storage("lock", &lock_path)(source)),
        }
        let folder = Self { path: path.to_path_buf(), _lock: lock };
        folder.finish_installing()?;
        Ok(folder)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    fn remove(&self, name: &str) -> Result<(), VehicleError> {
        let path = self.file(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(storage("remove", &path)(error)),
            _ => Ok(()),
        }
    }

    fn write(&self, name: &str, contents: &str) -> Result<(), VehicleError> {
        let path = self.file(name);
        private_file::replace_private(&path, contents.as_bytes()).map_err(storage("write", &path))
    }
}

fn storage(attempt: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> VehicleError {
    let path = path.to_path_buf();
    move |source| VehicleError::Storage { attempt, path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_vehicles_cannot_share_a_folder_at_a_time() {
        let place = tempfile::tempdir().unwrap();
        let first = IdentityFolder::open(place.path()).unwrap();
        let error = IdentityFolder::open(place.path()).unwrap_err();
        assert!(matches!(error, VehicleError::BadInput(_)), "{error}");
        drop(first);
        assert!(IdentityFolder::open(place.path()).is_ok());
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_a_storage_error() {
        let place = tempfile::NamedTempFile::new().unwrap();
        let error = IdentityFolder::open(&place.path().join("below-a-file")).unwrap_err();
        assert!(matches!(error, VehicleError::Storage { .. }), "{error}");
    }
}
