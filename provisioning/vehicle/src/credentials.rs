//! A certificate and the private key that belongs to it.

use std::fmt;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use sha2::{Digest, Sha256};

use crate::PrivateKeyPem;

/// A certificate chain and its private key, parsed and known to belong together.
#[derive(Clone)]
pub struct Credentials {
    certificate_pem: String,
    private_key: PrivateKeyPem,
    certified: Arc<CertifiedKey>,
}

/// Why a certificate and a private key cannot be used together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsProblem {
    /// The certificate text holds no PEM certificate.
    #[error("the certificate is not a PEM certificate")]
    NotACertificate,
    /// The key text holds no PEM private key of a kind TLS can use.
    #[error("the private key is not a PEM private key that TLS can use")]
    NotAPrivateKey,
    /// The two are of different key pairs.
    #[error("the private key does not belong to the certificate")]
    NotAPair,
}

impl Credentials {
    /// Parses both and checks that the key is the certificate's.
    pub fn parse(certificate_pem: String, private_key: PrivateKeyPem) -> Result<Self, CredentialsProblem> {
        let chain = CertificateDer::pem_slice_iter(certificate_pem.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| CredentialsProblem::NotACertificate)?;
        if chain.is_empty() {
            return Err(CredentialsProblem::NotACertificate);
        }
        let key = PrivateKeyDer::from_pem_slice(private_key.expose().as_bytes())
            .map_err(|_| CredentialsProblem::NotAPrivateKey)?;
        let certified = CertifiedKey::from_der(chain, key, &rustls::crypto::ring::default_provider()).map_err(
            |error| match error {
                rustls::Error::InconsistentKeys(_) => CredentialsProblem::NotAPair,
                rustls::Error::InvalidCertificate(_) => CredentialsProblem::NotACertificate,
                _ => CredentialsProblem::NotAPrivateKey,
            },
        )?;
        Ok(Self { certificate_pem, private_key, certified: Arc::new(certified) })
    }

    /// The certificate (chain) in PEM, as it was given.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The private key.
    pub fn private_key(&self) -> &PrivateKeyPem {
        &self.private_key
    }

    /// AWS IoT's id of the certificate: SHA-256 of its DER, 64 lower-case hexadecimal digits.
    pub fn certificate_id(&self) -> String {
        let first = self.certified.cert.first().map(|certificate| certificate.as_ref()).unwrap_or_default();
        Sha256::digest(first).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The public half of the key, as a DER SubjectPublicKeyInfo.
    pub(crate) fn public_key_der(&self) -> Option<Vec<u8>> {
        Some(self.certified.key.public_key()?.to_vec())
    }

    /// What the TLS library signs with.
    pub(crate) fn certified(&self) -> Arc<CertifiedKey> {
        self.certified.clone()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").field("certificate_id", &self.certificate_id()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Sample;

    #[test]
    fn the_certificate_id_is_the_sha_256_of_the_der() {
        let sample = Sample::new();
        let expected: String = Sha256::digest(&sample.der).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(sample.credentials().certificate_id(), expected);
        assert_eq!(expected.len(), 64);
    }

    #[test]
    fn a_key_of_another_certificate_is_refused() {
        let problem = Credentials::parse(Sample::new().certificate, PrivateKeyPem::new(Sample::new().private_key));
        assert_eq!(problem.err(), Some(CredentialsProblem::NotAPair));
    }

    #[test]
    fn text_that_is_no_pem_is_refused_by_name() {
        let sample = Sample::new();
        let parse =
            |certificate: &str, key: &str| Credentials::parse(certificate.into(), PrivateKeyPem::new(key.into())).err();
        assert_eq!(parse("hello", &sample.private_key), Some(CredentialsProblem::NotACertificate));
        assert_eq!(parse(&sample.certificate, "hello"), Some(CredentialsProblem::NotAPrivateKey));
    }

    #[test]
    fn debug_output_shows_no_key() {
        let credentials = Sample::new().credentials();
        let shown = format!("{credentials:?} {:?}", credentials.private_key());
        assert!(!shown.contains("BEGIN"), "{shown}");
    }
}
