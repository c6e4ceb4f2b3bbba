use super::{Ask, send};
use crate::{Aws, AwsError, Transport};

/// RegisterCertificateWithoutCA: AWS IoT gets to know a certificate whose authority it does not know, out of use. Devices
/// that present it must name the server they call (SNI). One that is registered is a `ResourceAlreadyExistsException`.
pub async fn register_certificate_without_ca<T: Transport>(
    aws: &Aws<T>,
    certificate_pem: &str,
) -> Result<(), AwsError> {
    let ask = Ask {
        operation: "RegisterCertificateWithoutCA",
        method: http::Method::POST,
        path: "/certificate/register-no-ca".to_owned(),
        principal: None,
        body: Some(serde_json::json!({ "certificatePem": certificate_pem, "status": "INACTIVE" })),
    };
    send(aws, ask).await.map(drop)
}
