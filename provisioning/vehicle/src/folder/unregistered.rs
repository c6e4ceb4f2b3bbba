//! A certificate that is issued but not known to be registered.

use std::fs;
use std::io;

use serde::{Deserialize, Serialize};

use super::{IdentityFolder, NEW_KEY, UNREGISTERED, storage};
use crate::create_certificate::UnregisteredCertificate;
use crate::{Credentials, Endpoint, PrivateKeyPem, ProvisioningRequest, VehicleError};

/// What is kept of it, with what it was meant for.
#[derive(Serialize, Deserialize)]
pub(crate) struct Unregistered {
    endpoint: String,
    template_name: String,
    vin: String,
    certificate_pem: String,
    private_key_pem: String,
    ownership_token: String,
}

impl Unregistered {
    pub(crate) fn new(
        endpoint: &Endpoint,
        wanted: &ProvisioningRequest,
        certificate: &UnregisteredCertificate,
    ) -> Self {
        Self {
            endpoint: endpoint.address(),
            template_name: wanted.template_name.as_str().into(),
            vin: wanted.vin.clone(),
            certificate_pem: certificate.credentials.certificate_pem().into(),
            private_key_pem: certificate.credentials.private_key().expose().into(),
            ownership_token: certificate.ownership_token.clone(),
        }
    }

    fn is_for(&self, endpoint: &Endpoint, wanted: &ProvisioningRequest) -> bool {
        self.endpoint == endpoint.address()
            && self.template_name == wanted.template_name.as_str()
            && self.vin == wanted.vin
    }
}

impl IdentityFolder {
    /// Keeps a certificate from before its registration is asked for.
    pub(crate) fn keep_unregistered(&self, certificate: &Unregistered) -> Result<(), VehicleError> {
        let path = self.file(UNREGISTERED);
        let text =
            serde_json::to_string(certificate).map_err(|error| storage("write", &path)(io::Error::from(error)))?;
        self.write(UNREGISTERED, &text)
    }

    /// The certificate an earlier attempt at the very same thing left behind. Anything else left there is of no use.
    pub(crate) fn unregistered(
        &self,
        endpoint: &Endpoint,
        wanted: &ProvisioningRequest,
    ) -> Result<Option<UnregisteredCertificate>, VehicleError> {
        let path = self.file(UNREGISTERED);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(storage("read", &path)(error)),
        };
        Ok(serde_json::from_str::<Unregistered>(&text).ok().filter(|kept| kept.is_for(endpoint, wanted)).and_then(
            |kept| {
                let private_key = PrivateKeyPem::new(kept.private_key_pem);
                let credentials = Credentials::parse(kept.certificate_pem, private_key).ok()?;
                wanted
                    .keys
                    .may_be(&credentials)
                    .then_some(UnregisteredCertificate { credentials, ownership_token: kept.ownership_token })
            },
        ))
    }

    /// Removes a certificate that will never be registered, and the key that was made for it.
    pub(crate) fn forget_unregistered(&self) -> Result<(), VehicleError> {
        self.remove(UNREGISTERED)?;
        self.remove(NEW_KEY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Sample;
    use crate::{Keys, TemplateName, VehicleKey};
    use std::os::unix::fs::PermissionsExt;

    fn wanted(vin: &str) -> ProvisioningRequest {
        ProvisioningRequest::new(TemplateName::parse("t").unwrap(), vin).unwrap()
    }

    #[test]
    fn a_kept_certificate_is_taken_up_again_only_for_the_same_vehicle_and_place() {
        let place = tempfile::tempdir().unwrap();
        let folder = IdentityFolder::open(place.path()).unwrap();
        let endpoint = Endpoint::new("here");
        let certificate =
            UnregisteredCertificate { credentials: Sample::new().credentials(), ownership_token: "token".into() };
        folder.keep_unregistered(&Unregistered::new(&endpoint, &wanted("A"), &certificate)).unwrap();
        let mode = fs::metadata(folder.file(UNREGISTERED)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        let kept = folder.unregistered(&endpoint, &wanted("A")).unwrap().unwrap();
        assert_eq!(kept.ownership_token, "token");
        assert_eq!(kept.credentials.certificate_id(), certificate.credentials.certificate_id());
        assert!(folder.unregistered(&endpoint, &wanted("B")).unwrap().is_none());
        assert!(folder.unregistered(&Endpoint::new("elsewhere"), &wanted("A")).unwrap().is_none());

        folder.forget_unregistered().unwrap();
        assert!(folder.unregistered(&endpoint, &wanted("A")).unwrap().is_none());
        folder.forget_unregistered().unwrap();
    }

    #[test]
    fn a_kept_certificate_of_another_key_than_the_one_asked_for_is_not_taken_up() {
        let place = tempfile::tempdir().unwrap();
        let folder = IdentityFolder::open(place.path()).unwrap();
        let (endpoint, sample) = (Endpoint::new("here"), Sample::new());
        let certificate =
            UnregisteredCertificate { credentials: sample.credentials(), ownership_token: "token".into() };
        folder.keep_unregistered(&Unregistered::new(&endpoint, &wanted("A"), &certificate)).unwrap();
        let with = |keys| ProvisioningRequest { keys, ..wanted("A") };
        let its_own = Keys::Existing(VehicleKey::from_pem(sample.private_key).unwrap());
        assert!(folder.unregistered(&endpoint, &with(its_own)).unwrap().is_some());
        let another = Keys::Existing(VehicleKey::generate().unwrap());
        assert!(folder.unregistered(&endpoint, &with(another)).unwrap().is_none());
        assert!(folder.unregistered(&endpoint, &with(Keys::MadeByAws)).unwrap().is_some());
    }

    #[test]
    fn a_damaged_leftover_is_no_obstacle() {
        let place = tempfile::tempdir().unwrap();
        let folder = IdentityFolder::open(place.path()).unwrap();
        fs::write(folder.file(UNREGISTERED), "{").unwrap();
        assert!(folder.unregistered(&Endpoint::new("here"), &wanted("A")).unwrap().is_none());
    }
}
