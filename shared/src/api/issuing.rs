//! Certificates that an operator issues to one vehicle.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Done;
use crate::{AuthorityId, CertificateId, Timestamp};

/// Issues a certificate to one vehicle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssueCertificate {
    /// Why, in the operator's words.
    pub reason: String,
    /// Where the certificate comes from.
    pub source: CertificateSource,
}

/// Where a vehicle's certificate comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum CertificateSource {
    /// AWS makes the keys, too. The private key is in the answer and nowhere else.
    KeysByAws,
    /// AWS signs a request for keys that somebody else made and keeps.
    Request {
        /// The certificate signing request, PEM or the base64 of its DER.
        pem: String,
    },
    /// Another authority signed it.
    Certificate {
        /// The certificate, PEM or the base64 of its DER. Where others follow it, they are the chain above it.
        pem: String,
    },
}

/// A certificate that was issued, registered and activated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedCertificate {
    /// Its id.
    pub certificate_id: CertificateId,
    /// The certificate.
    pub certificate_pem: String,
    /// The private key, where AWS made it: this answer is the only one that ever has it.
    pub private_key: Option<PrivateKeyPem>,
    /// The registered authority that signed it, where one did.
    pub authority_id: Option<AuthorityId>,
    /// Whether the vehicle has to name the server it connects to (SNI), because no registered authority stands for it.
    pub needs_server_name: bool,
    /// Until when it is valid; `None` where that cannot be read.
    pub valid_until: Option<Timestamp>,
    /// What was done.
    pub done: Done,
}

/// A private key on its way to the one who asked for it. It is never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PrivateKeyPem(pub String);

impl fmt::Debug for PrivateKeyPem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PrivateKeyPem(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_key_is_never_printed() {
        let key = PrivateKeyPem("secret".to_owned());
        assert!(!format!("{key:?}").contains("secret"));
    }

    #[test]
    fn each_source_reads_as_it_is_documented() {
        for (json, source) in [
            (r#"{"kind":"keys-by-aws"}"#, CertificateSource::KeysByAws),
            (r#"{"kind":"request","pem":"a"}"#, CertificateSource::Request { pem: "a".to_owned() }),
            (r#"{"kind":"certificate","pem":"b"}"#, CertificateSource::Certificate { pem: "b".to_owned() }),
        ] {
            assert_eq!(serde_json::from_str::<CertificateSource>(json).ok(), Some(source));
        }
        assert!(serde_json::from_str::<CertificateSource>(r#"{"kind":"request","pem":"a","force":1}"#).is_err());
    }
}
