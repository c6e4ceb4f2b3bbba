use serde::Deserialize;
use shared::{AuthorityId, AuthorityMode};

use super::{Ask, read};
use crate::{Aws, AwsError, Transport};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    certificate_id: AuthorityId,
}

/// RegisterCACertificate: the authority is active at once. `verification_pem` is the proof that its key is at hand: needed in
/// the mode DEFAULT, refused in SNI_ONLY. What is registered already is a `ResourceAlreadyExistsException`.
pub async fn register_ca_certificate<T: Transport>(
    aws: &Aws<T>,
    pem: &str,
    verification_pem: Option<&str>,
    mode: AuthorityMode,
    just_in_time: bool,
) -> Result<AuthorityId, AwsError> {
    let mut body = serde_json::json!({ "caCertificate": pem, "certificateMode": mode.as_str() });
    if let Some(verification_pem) = verification_pem {
        body["verificationCertificate"] = verification_pem.into();
    }
    let ask = Ask {
        operation: "RegisterCACertificate",
        method: http::Method::POST,
        path: format!("/cacertificate?setAsActive=true&allowAutoRegistration={just_in_time}"),
        principal: None,
        body: Some(body),
    };
    let answer: Answer = read(aws, ask).await?;
    Ok(answer.certificate_id)
}
