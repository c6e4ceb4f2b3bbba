//! CreateCertificateFromCsr: a certificate for a key that stays with the vehicle.

use serde_json::json;

use crate::create_certificate::{UnregisteredCertificate, parse};
use crate::request::request;
use crate::{Session, VehicleError, VehicleKey};

/// Sends a certificate signing request by this key. A claim that may not do this is told what its policy lacks.
pub(crate) async fn create_from_csr(
    session: &mut Session,
    key: &VehicleKey,
    vin: &str,
) -> Result<UnregisteredCertificate, VehicleError> {
    let step = "asking for a certificate for the vehicle's own key";
    let body = json!({"certificateSigningRequest": key.certificate_signing_request(vin)?});
    let answer =
        request(session, step, "$aws/certificates/create-from-csr/json", &body).await.map_err(name_the_policy)?;
    parse(step, &answer, key.private_key().clone())
}

/// The claim was let in a moment ago: what is refused now is this request, and not the certificate.
fn name_the_policy(error: VehicleError) -> VehicleError {
    match error {
        VehicleError::IdentityRefused { address, reason, .. } => VehicleError::OwnKeyNotAllowed { address, reason },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_that_may_send_no_request_is_told_what_to_do() {
        let refused = VehicleError::IdentityRefused {
            address: "here:8883".into(),
            step: "subscribing".into(),
            reason: "NotAuthorized".into(),
        };
        let sentence = name_the_policy(refused).to_string();
        for part in ["here:8883", "NotAuthorized", "$aws/certificates/create-from-csr/*", "--keys aws"] {
            assert!(sentence.contains(part), "{sentence}");
        }
        let lost = VehicleError::ConnectionLost { step: "x".into(), reason: "y".into() };
        assert!(matches!(name_the_policy(lost), VehicleError::ConnectionLost { .. }));
    }
}
