//! CreateKeysAndCertificate: a certificate and key of one's own, good for nothing until it is registered.

use serde_json::{Value, json};

use crate::create_from_csr::create_from_csr;
use crate::request::{request, text_field};
use crate::{Credentials, PrivateKeyPem, Session, VehicleError, VehicleKey};

/// A certificate that is issued but not registered, with the token that proves whose it is.
///
/// The token lasts an hour; then AWS deletes the certificate.
pub(crate) struct UnregisteredCertificate {
    pub(crate) credentials: Credentials,
    pub(crate) ownership_token: String,
}

/// Asks for a certificate for the vehicle's own key, or where it has none, for a new key pair and certificate.
pub(crate) async fn create_certificate(
    session: &mut Session,
    own: Option<&VehicleKey>,
    vin: &str,
) -> Result<UnregisteredCertificate, VehicleError> {
    if let Some(key) = own {
        return create_from_csr(session, key, vin).await;
    }
    let step = "asking for a certificate";
    let answer = request(session, step, "$aws/certificates/create/json", &json!({})).await?;
    parse(step, &answer, PrivateKeyPem::new(text_field(step, &answer, "privateKey")?))
}

/// Reads a certificate for this key. Nothing that does not hold together gets through.
pub(crate) fn parse(
    step: &str,
    answer: &Value,
    private_key: PrivateKeyPem,
) -> Result<UnregisteredCertificate, VehicleError> {
    let broken = |reason: String| VehicleError::BrokenAnswer { step: step.into(), reason };
    let credentials = Credentials::parse(text_field(step, answer, "certificatePem")?, private_key)
        .map_err(|problem| broken(problem.to_string()))?;
    if text_field(step, answer, "certificateId")? != credentials.certificate_id() {
        return Err(broken("certificateId is not that of certificatePem".into()));
    }
    Ok(UnregisteredCertificate { credentials, ownership_token: text_field(step, answer, "certificateOwnershipToken")? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Sample;

    fn answer(sample: &Sample) -> Value {
        json!({
            "certificateId": sample.credentials().certificate_id(),
            "certificatePem": sample.certificate,
            "certificateOwnershipToken": "token",
        })
    }

    #[test]
    fn a_whole_answer_is_a_certificate() {
        let sample = Sample::new();
        let certificate = parse("x", &answer(&sample), PrivateKeyPem::new(sample.private_key.clone())).unwrap();
        assert_eq!(certificate.credentials.certificate_pem(), sample.certificate);
        assert_eq!(certificate.ownership_token, "token");
    }

    #[test]
    fn an_answer_that_does_not_hold_together_is_broken() {
        for (field, value) in [
            ("certificateId", "0".repeat(64)),
            ("certificatePem", Sample::new().certificate),
            ("certificatePem", "x".into()),
            ("certificateOwnershipToken", String::new()),
        ] {
            let sample = Sample::new();
            let mut broken = answer(&sample);
            broken[field] = json!(value);
            let error = parse("x", &broken, PrivateKeyPem::new(sample.private_key)).err().unwrap();
            assert!(matches!(error, VehicleError::BrokenAnswer { .. }), "{field}: {error}");
            assert!(!error.to_string().contains("BEGIN"), "{error}");
        }
    }
}
