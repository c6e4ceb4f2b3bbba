//! Making a registered certificate the vehicle's identity.

use std::fs;
use std::io;

use serde::{Deserialize, Serialize};

use super::{CERTIFICATE, IDENTITY, IdentityDescription, IdentityFolder, PRIVATE_KEY, REGISTERED, storage};
use crate::{Identity, VehicleError};

/// A whole identity in one file, so that it becomes valid in one instant.
#[derive(Serialize, Deserialize)]
struct Registered {
    #[serde(flatten)]
    description: IdentityDescription,
    certificate_pem: String,
    private_key_pem: String,
}

impl IdentityFolder {
    /// Replaces whatever identity the folder held by this one.
    pub fn install(&self, identity: &Identity) -> Result<(), VehicleError> {
        let registered = Registered {
            description: IdentityDescription {
                vin: identity.vin.clone(),
                certificate_id: identity.certificate_id.clone(),
                thing_name: identity.thing_name.clone(),
            },
            certificate_pem: identity.credentials.certificate_pem().into(),
            private_key_pem: identity.credentials.private_key().expose().into(),
        };
        self.write(REGISTERED, &self.as_json(&registered)?)?;
        self.finish_installing()
    }

    /// Carries out an installation that was begun. Doing it twice does no harm.
    pub(super) fn finish_installing(&self) -> Result<(), VehicleError> {
        let path = self.file(REGISTERED);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(storage("read", &path)(error)),
        };
        // The file was renamed into place whole, so only a hand from outside can have damaged it.
        let registered: Registered = serde_json::from_str(&text)
            .map_err(|_| storage("understand", &path)(io::Error::from(io::ErrorKind::InvalidData)))?;
        self.write(PRIVATE_KEY, &registered.private_key_pem)?;
        self.write(CERTIFICATE, &registered.certificate_pem)?;
        self.write(IDENTITY, &(self.as_json(&registered.description)? + "\n"))?;
        self.forget_unregistered()?;
        self.remove(REGISTERED)
    }

    fn as_json(&self, value: &impl Serialize) -> Result<String, VehicleError> {
        serde_json::to_string(value).map_err(|error| storage("write to", &self.path)(io::Error::from(error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Sample;
    use std::os::unix::fs::PermissionsExt;

    fn identity() -> Identity {
        let credentials = Sample::new().credentials();
        Identity {
            vin: "A".into(),
            certificate_id: credentials.certificate_id(),
            thing_name: "Vehicle_A".into(),
            credentials,
        }
    }

    #[test]
    fn an_installed_identity_is_three_private_files_that_read_back() {
        let place = tempfile::tempdir().unwrap();
        let folder = IdentityFolder::open(place.path()).unwrap();
        let identity = identity();
        folder.install(&identity).unwrap();
        let read = folder.read_identity().unwrap();
        assert_eq!(read.certificate_id, identity.certificate_id);
        assert_eq!(read.thing_name, "Vehicle_A");
        let mut names: Vec<_> = fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, [".lock", "certificate.pem", "identity.json", "private.key"]);
        let mode = fs::metadata(folder.file(PRIVATE_KEY)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn an_installation_cut_off_between_two_files_is_finished_at_the_next_opening() {
        let place = tempfile::tempdir().unwrap();
        let folder = IdentityFolder::open(place.path()).unwrap();
        folder.install(&identity()).unwrap();
        let old_certificate = fs::read(folder.file(CERTIFICATE)).unwrap();
        let newer = identity();
        folder.install(&newer).unwrap();
        // The state after the key was replaced and before the certificate was.
        fs::write(folder.file(CERTIFICATE), old_certificate).unwrap();
        let registered = Registered {
            description: IdentityDescription {
                vin: newer.vin.clone(),
                certificate_id: newer.certificate_id.clone(),
                thing_name: newer.thing_name.clone(),
            },
            certificate_pem: newer.credentials.certificate_pem().into(),
            private_key_pem: newer.credentials.private_key().expose().into(),
        };
        folder.write(REGISTERED, &serde_json::to_string(&registered).unwrap()).unwrap();
        assert!(folder.read_identity().is_err());
        drop(folder);
        let folder = IdentityFolder::open(place.path()).unwrap();
        assert_eq!(folder.read_identity().unwrap().certificate_id, newer.certificate_id);
        assert!(!folder.file(REGISTERED).exists());
    }
}
