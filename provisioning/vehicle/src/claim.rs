//! The claim certificate a plant gives to its vehicles.

use serde_json::Value;

use crate::{Credentials, PrivateKeyPem, VehicleError};

/// A claim certificate with its private key: good for nothing but asking for a certificate of one's own.
#[derive(Debug, Clone)]
pub struct Claim(Credentials);

impl Claim {
    /// Takes a certificate and key in PEM.
    pub fn from_pem(certificate_pem: String, private_key_pem: String) -> Result<Self, VehicleError> {
        Credentials::parse(certificate_pem, PrivateKeyPem::new(private_key_pem))
            .map(Self)
            .map_err(|problem| VehicleError::BadInput(format!("the claim certificate cannot be used: {problem}")))
    }

    /// Reads the JSON that CMS keeps in Secrets Manager: `{certificateArn, certificateId, certificatePem,
    /// keyPair: {PublicKey, PrivateKey}}`. Only the certificate and the private key are needed.
    pub fn from_secret(json: &str) -> Result<Self, VehicleError> {
        // The parser's own message may quote the text, which holds a key: only the place is passed on.
        let secret: Value = serde_json::from_str(json).map_err(|error| {
            VehicleError::BadInput(format!(
                "the claim is not JSON (line {}, column {}); give the secret's text as it is",
                error.line(),
                error.column()
            ))
        })?;
        let text = |pointer: &str, name: &str| {
            secret.pointer(pointer).and_then(Value::as_str).map(String::from).ok_or_else(|| {
                VehicleError::BadInput(format!("the claim has no text field {name}; give the secret's JSON as it is"))
            })
        };
        Self::from_pem(text("/certificatePem", "certificatePem")?, text("/keyPair/PrivateKey", "keyPair.PrivateKey")?)
    }

    /// The certificate and key.
    pub fn credentials(&self) -> &Credentials {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Sample;
    use serde_json::json;

    fn secret(sample: &Sample) -> Value {
        json!({
            "certificateArn": "arn:aws:iot:eu-west-1:123456789012:cert/abc",
            "certificateId": "abc",
            "certificatePem": sample.certificate,
            "keyPair": {"PublicKey": "unused", "PrivateKey": sample.private_key},
        })
    }

    #[test]
    fn the_secret_as_cms_stores_it_is_a_claim() {
        let sample = Sample::new();
        let claim = Claim::from_secret(&secret(&sample).to_string()).unwrap();
        assert_eq!(claim.credentials().certificate_pem(), sample.certificate);
    }

    #[test]
    fn a_missing_or_wrongly_typed_field_is_named() {
        let mut without_key = secret(&Sample::new());
        without_key["keyPair"] = json!({"PrivateKey": 7});
        let message = Claim::from_secret(&without_key.to_string()).unwrap_err().to_string();
        assert!(message.contains("keyPair.PrivateKey"), "{message}");
        let message = Claim::from_secret("{}").unwrap_err().to_string();
        assert!(message.contains("certificatePem"), "{message}");
    }

    #[test]
    fn a_broken_secret_is_not_quoted_in_the_message() {
        let message = Claim::from_secret("\"-----BEGIN PRIVATE KEY----- secret").unwrap_err().to_string();
        assert!(message.contains("not JSON") && !message.contains("BEGIN"), "{message}");
    }

    #[test]
    fn a_key_that_is_not_the_claims_is_bad_input() {
        let error = Claim::from_pem(Sample::new().certificate, Sample::new().private_key).unwrap_err();
        assert!(matches!(error, VehicleError::BadInput(_)), "{error}");
    }
}
