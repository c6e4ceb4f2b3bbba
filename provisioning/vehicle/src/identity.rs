//! Who a vehicle is once it is provisioned.

use crate::provision::check_vin;
use crate::{ClientId, Credentials, PrivateKeyPem, VehicleError};

/// A provisioned vehicle's own certificate and name.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The VIN the vehicle provisioned itself with.
    pub vin: String,
    /// AWS IoT's id of the certificate.
    pub certificate_id: String,
    /// The thing the certificate belongs to; the vehicle connects under this name.
    pub thing_name: String,
    /// The certificate and its key.
    pub credentials: Credentials,
}

impl Identity {
    /// The identity of a vehicle that was issued a certificate without claiming one: by an operator, or by an authority whose
    /// certificates AWS IoT registers just in time. Without a name, the thing is called as the provisioning template calls it.
    pub fn issued_elsewhere(
        vin: &str,
        thing_name: Option<String>,
        certificate_pem: String,
        private_key_pem: String,
    ) -> Result<Self, VehicleError> {
        let credentials =
            Credentials::parse(certificate_pem, PrivateKeyPem::new(private_key_pem)).map_err(|problem| {
                VehicleError::BadInput(format!(
                    "the certificate cannot be used: {problem}; give the pair that was issued"
                ))
            })?;
        check_vin(vin)?;
        let identity = Self {
            vin: vin.into(),
            certificate_id: credentials.certificate_id(),
            thing_name: thing_name.unwrap_or_else(|| format!("Vehicle_{vin}")),
            credentials,
        };
        identity.client_id()?;
        Ok(identity)
    }

    /// The client id to connect under: the thing's name, because the vehicle policy allows no other.
    pub fn client_id(&self) -> Result<ClientId, VehicleError> {
        ClientId::parse(&self.thing_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Sample;

    #[test]
    fn a_certificate_issued_elsewhere_is_an_identity_if_its_key_belongs_to_it() {
        let sample = Sample::new();
        let issued =
            |vin: &str, key: &str| Identity::issued_elsewhere(vin, None, sample.certificate.clone(), key.to_owned());
        let identity = issued("1HGCM82633A004352", &sample.private_key).unwrap();
        assert_eq!(identity.thing_name, "Vehicle_1HGCM82633A004352");
        assert_eq!(identity.certificate_id, sample.credentials().certificate_id());
        for (vin, key, sentence_holds) in [
            ("A", Sample::new().private_key, "does not belong to the certificate; give the pair"),
            ("", sample.private_key.clone(), "a VIN is not empty"),
        ] {
            let sentence = issued(vin, &key).unwrap_err().to_string();
            assert!(sentence.contains(sentence_holds) && !sentence.contains("BEGIN"), "{sentence}");
        }
    }
}
