//! A key that the vehicle made and has no certificate for yet.

use std::fs;
use std::io;

use super::{IdentityFolder, NEW_KEY, storage};
use crate::{VehicleError, VehicleKey};

impl IdentityFolder {
    /// The key that an interrupted attempt left behind, or a new one, which is in its private file when this returns.
    pub(crate) fn kept_or_new_key(&self) -> Result<VehicleKey, VehicleError> {
        let path = self.file(NEW_KEY);
        match fs::read_to_string(&path) {
            // A file that holds no key is as good as none.
            Ok(text) => {
                if let Ok(key) = VehicleKey::from_pem(text) {
                    return Ok(key);
                }
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => {}
            Err(error) => return Err(storage("read", &path)(error)),
        }
        let key = VehicleKey::generate()?;
        self.write(NEW_KEY, key.private_key().expose())?;
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_repeat_asks_with_the_same_key_until_it_is_forgotten() {
        let place = tempfile::tempdir().unwrap();
        let folder = IdentityFolder::open(place.path()).unwrap();
        let first = folder.kept_or_new_key().unwrap().public_key_der();
        assert_eq!(fs::metadata(folder.file(NEW_KEY)).unwrap().permissions().mode() & 0o777, 0o600);
        drop(folder);
        let folder = IdentityFolder::open(place.path()).unwrap();
        assert_eq!(folder.kept_or_new_key().unwrap().public_key_der(), first);
        folder.forget_unregistered().unwrap();
        assert!(!folder.file(NEW_KEY).exists());
        assert_ne!(folder.kept_or_new_key().unwrap().public_key_der(), first);
    }

    #[test]
    fn a_damaged_key_is_no_obstacle() {
        let place = tempfile::tempdir().unwrap();
        let folder = IdentityFolder::open(place.path()).unwrap();
        for damaged in [&b"half a key"[..], &[0xff]] {
            fs::write(folder.file(NEW_KEY), damaged).unwrap();
            folder.kept_or_new_key().unwrap();
        }
    }
}
