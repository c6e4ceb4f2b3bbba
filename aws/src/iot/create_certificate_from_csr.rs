use serde::Deserialize;
use shared::CertificateId;

use super::{Ask, read};
use crate::{Aws, AwsError, Transport};

/// A certificate that AWS IoT signed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedCertificate {
    /// Its id.
    pub certificate_id: CertificateId,
    /// The certificate.
    pub certificate_pem: String,
}

/// CreateCertificateFromCsr: a new certificate for keys that somebody else keeps. It is inactive.
pub async fn create_certificate_from_csr<T: Transport>(
    aws: &Aws<T>,
    request_pem: &str,
) -> Result<SignedCertificate, AwsError> {
    let ask = Ask {
        operation: "CreateCertificateFromCsr",
        method: http::Method::POST,
        path: "/certificates?setAsActive=false".to_owned(),
        principal: None,
        body: Some(serde_json::json!({ "certificateSigningRequest": request_pem })),
    };
    read(aws, ask).await
}
