use super::{Ask, send};
use crate::{Aws, AwsError, Transport};

/// RegisterCertificate: takes a certificate that a registered, active authority signed. It is inactive. `authority_pem` is
/// needed only where several registered authorities have the same subject. What is registered already is a
/// `ResourceAlreadyExistsException`.
pub async fn register_certificate<T: Transport>(
    aws: &Aws<T>,
    pem: &str,
    authority_pem: Option<&str>,
) -> Result<(), AwsError> {
    let mut body = serde_json::json!({ "certificatePem": pem, "status": "INACTIVE" });
    if let Some(authority_pem) = authority_pem {
        body["caCertificatePem"] = authority_pem.into();
    }
    let ask = Ask {
        operation: "RegisterCertificate",
        method: http::Method::POST,
        path: "/certificate/register".to_owned(),
        principal: None,
        body: Some(body),
    };
    send(aws, ask).await.map(drop)
}
