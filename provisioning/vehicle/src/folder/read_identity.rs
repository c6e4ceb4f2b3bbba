//! Reading the identity a folder holds.

use std::fs;
use std::io;

use super::{CERTIFICATE, IDENTITY, IdentityDescription, IdentityFolder, PRIVATE_KEY, storage};
use crate::{Credentials, Identity, PrivateKeyPem, VehicleError};

impl IdentityFolder {
    /// The identity in the folder, if its files are there and belong together.
    pub fn read_identity(&self) -> Result<Identity, VehicleError> {
        let unusable = |problem: String| {
            VehicleError::BadInput(format!(
                "{} holds no usable identity ({problem}); provision the vehicle into it first",
                self.path.display()
            ))
        };
        let read = |name: &str| {
            let path = self.file(name);
            fs::read_to_string(&path).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => unusable(format!("{name} is missing")),
                _ => storage("read", &path)(error),
            })
        };
        let description: IdentityDescription =
            serde_json::from_str(&read(IDENTITY)?).map_err(|error| unusable(format!("{IDENTITY}: {error}")))?;
        let credentials = Credentials::parse(read(CERTIFICATE)?, PrivateKeyPem::new(read(PRIVATE_KEY)?))
            .map_err(|problem| unusable(problem.to_string()))?;
        if credentials.certificate_id() != description.certificate_id {
            return Err(unusable(format!("{IDENTITY} is about another certificate")));
        }
        Ok(Identity {
            vin: description.vin,
            certificate_id: description.certificate_id,
            thing_name: description.thing_name,
            credentials,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Sample;

    #[test]
    fn an_empty_folder_says_what_to_do() {
        let place = tempfile::tempdir().unwrap();
        let error = IdentityFolder::open(place.path()).unwrap().read_identity().unwrap_err();
        assert!(error.to_string().contains("provision the vehicle into it first"), "{error}");
    }

    #[test]
    fn files_of_different_certificates_are_no_identity() {
        let place = tempfile::tempdir().unwrap();
        let folder = IdentityFolder::open(place.path()).unwrap();
        let credentials = Sample::new().credentials();
        let identity = Identity {
            vin: "A".into(),
            certificate_id: credentials.certificate_id(),
            thing_name: "Vehicle_A".into(),
            credentials,
        };
        folder.install(&identity).unwrap();
        let other = Sample::new();
        fs::write(folder.file(CERTIFICATE), &other.certificate).unwrap();
        fs::write(folder.file(PRIVATE_KEY), &other.private_key).unwrap();
        let error = folder.read_identity().unwrap_err();
        assert!(error.to_string().contains("another certificate"), "{error}");
    }
}
