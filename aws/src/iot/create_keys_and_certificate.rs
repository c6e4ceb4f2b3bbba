use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Ask, read};
use crate::{Aws, AwsError, Transport};

/// A certificate with the keys AWS made for it, in the shape in which the claim secret keeps it.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeysAndCertificate {
    /// The certificate's ARN.
    pub certificate_arn: String,
    /// The certificate's id.
    pub certificate_id: String,
    /// The certificate.
    pub certificate_pem: String,
    /// Its keys.
    pub key_pair: KeyPair,
}

/// A key pair in PEM.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct KeyPair {
    /// The public key.
    pub public_key: String,
    /// The private key.
    pub private_key: String,
}

impl fmt::Debug for KeysAndCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("KeysAndCertificate")
            .field("certificate_id", &self.certificate_id)
            .finish_non_exhaustive()
    }
}

/// CreateKeysAndCertificate: a new certificate, active at once or not, and the only copy of its private key.
pub async fn create_keys_and_certificate<T: Transport>(
    aws: &Aws<T>,
    active: bool,
) -> Result<KeysAndCertificate, AwsError> {
    let ask = Ask {
        operation: "CreateKeysAndCertificate",
        method: http::Method::POST,
        path: format!("/keys-and-certificate?setAsActive={active}"),
        principal: None,
        body: None,
    };
    read(aws, ask).await
}
