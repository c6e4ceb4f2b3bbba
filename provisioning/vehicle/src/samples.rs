//! Certificates made on the spot for tests, so that no key is ever kept in the sources.

use crate::{Credentials, PrivateKeyPem};

/// A self-signed certificate and its key.
pub(crate) struct Sample {
    pub(crate) certificate: String,
    pub(crate) der: Vec<u8>,
    pub(crate) private_key: String,
}

impl Sample {
    pub(crate) fn new() -> Self {
        let made = rcgen::generate_simple_self_signed([String::from("localhost")]).unwrap();
        Self {
            certificate: made.cert.pem(),
            der: made.cert.der().to_vec(),
            private_key: made.signing_key.serialize_pem(),
        }
    }

    pub(crate) fn credentials(&self) -> Credentials {
        Credentials::parse(self.certificate.clone(), PrivateKeyPem::new(self.private_key.clone())).unwrap()
    }
}
