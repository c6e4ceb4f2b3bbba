//! A key pair that never leaves the vehicle, and the certificate signing request that goes out in its place.

use std::fmt;
use std::sync::Arc;

use rcgen::{CertificateParams, DistinguishedName, DnType, PublicKeyData, SignatureAlgorithm, SubjectPublicKeyInfo};
use rustls::SignatureScheme;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::SigningKey;

use crate::{PrivateKeyPem, VehicleError};

/// X.520 gives a common name no more characters.
const LONGEST_COMMON_NAME: usize = 64;

/// A private key of the vehicle's own, known to be of a kind that AWS IoT signs certificates for.
#[derive(Clone)]
pub struct VehicleKey {
    pem: PrivateKeyPem,
    signer: Arc<dyn SigningKey>,
    public: SubjectPublicKeyInfo,
}

impl VehicleKey {
    /// Makes a new one, on the curve P-256.
    pub fn generate() -> Result<Self, VehicleError> {
        let made = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)
            .map_err(|error| VehicleError::BadInput(format!("no key can be made here: {error}")))?;
        Self::from_pem(made.serialize_pem())
    }

    /// Takes a key in PEM: PKCS#8, SEC1 or PKCS#1; RSA from 2048 to 4096 bits, P-256 or P-384.
    pub fn from_pem(pem: String) -> Result<Self, VehicleError> {
        // No message quotes the text: it may hold a key all the same.
        let unusable = |problem: &str| VehicleError::BadInput(format!("the vehicle's private key {problem}"));
        if pem.contains("BEGIN ENCRYPTED PRIVATE KEY") || pem.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(unusable("is encrypted: decrypt it first, for example with openssl pkey"));
        }
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes())
            .map_err(|_| unusable("is not there: give a PEM file that holds one (PKCS#8, SEC1 or PKCS#1)"))?;
        let kinds = "is of no kind that can be used: give RSA of 2048 to 4096 bits, P-256 or P-384";
        let signer = rustls::crypto::ring::sign::any_supported_type(&der).map_err(|_| unusable(kinds))?;
        let public = signer.public_key().ok_or_else(|| unusable(kinds))?;
        let public = SubjectPublicKeyInfo::from_der(&public).map_err(|_| unusable(kinds))?;
        if scheme(public.algorithm()).is_none() {
            return Err(unusable(kinds));
        }
        Ok(Self { pem: PrivateKeyPem::new(pem), signer, public })
    }

    /// The private key, for the one place that keeps it.
    pub fn private_key(&self) -> &PrivateKeyPem {
        &self.pem
    }

    /// The public half, as a DER SubjectPublicKeyInfo.
    pub(crate) fn public_key_der(&self) -> Vec<u8> {
        self.public.subject_public_key_info()
    }

    /// Asks for a certificate for this key, in PEM (PKCS#10), signed by the key. The VIN stands in it as the common
    /// name, where it is short enough to be one; who the vehicle is, the provisioning template decides.
    pub fn certificate_signing_request(&self, vin: &str) -> Result<String, VehicleError> {
        let failed =
            |error| VehicleError::BadInput(format!("the vehicle's private key cannot sign a request: {error}"));
        let mut request = CertificateParams::default();
        request.distinguished_name = DistinguishedName::new();
        if vin.chars().count() <= LONGEST_COMMON_NAME {
            request.distinguished_name.push(DnType::CommonName, vin);
        }
        request.serialize_request(self).and_then(|made| made.pem()).map_err(failed)
    }
}

/// How a key of this kind signs in TLS's terms, or `None` where AWS IoT takes no request signed by it.
fn scheme(algorithm: &SignatureAlgorithm) -> Option<SignatureScheme> {
    let schemes = [
        (&rcgen::PKCS_RSA_SHA256, SignatureScheme::RSA_PKCS1_SHA256),
        (&rcgen::PKCS_ECDSA_P256_SHA256, SignatureScheme::ECDSA_NISTP256_SHA256),
        (&rcgen::PKCS_ECDSA_P384_SHA384, SignatureScheme::ECDSA_NISTP384_SHA384),
    ];
    schemes.into_iter().find_map(|(kind, scheme)| (kind == algorithm).then_some(scheme))
}

impl PublicKeyData for VehicleKey {
    fn der_bytes(&self) -> &[u8] {
        self.public.der_bytes()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.public.algorithm()
    }
}

impl rcgen::SigningKey for VehicleKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let scheme = scheme(self.public.algorithm()).ok_or(rcgen::Error::UnsupportedSignatureAlgorithm)?;
        let signer = self.signer.choose_scheme(&[scheme]).ok_or(rcgen::Error::UnsupportedSignatureAlgorithm)?;
        signer.sign(message).map_err(|_| rcgen::Error::RingUnspecified)
    }
}

impl fmt::Debug for VehicleKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("VehicleKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::CertificateSigningRequestParams;

    /// Parses a request, which checks its signature against the key in it.
    fn parsed(pem: &str) -> CertificateSigningRequestParams {
        CertificateSigningRequestParams::from_pem(pem).unwrap()
    }

    #[test]
    fn a_request_is_signed_by_its_key_and_names_the_vin() {
        let key = VehicleKey::generate().unwrap();
        let request = parsed(&key.certificate_signing_request("1HGCM82633A004352").unwrap());
        assert_eq!(request.public_key.subject_public_key_info(), key.public_key_der());
        let name = request.params.distinguished_name.get(&DnType::CommonName).cloned();
        assert_eq!(name, Some("1HGCM82633A004352".into()));
    }

    #[test]
    fn a_vin_too_long_for_a_name_is_left_to_the_registration() {
        let request = parsed(&VehicleKey::generate().unwrap().certificate_signing_request(&"A".repeat(65)).unwrap());
        assert_eq!(request.params.distinguished_name.get(&DnType::CommonName), None);
    }

    #[test]
    fn keys_of_every_kind_and_wrapping_sign_their_request() {
        for (kind, arguments) in [
            ("PKCS#8 P-256", "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256"),
            ("PKCS#8 P-384", "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384"),
            ("SEC1 P-256", "ecparam -name prime256v1 -genkey -noout"),
            ("PKCS#8 RSA", "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048"),
            ("PKCS#1 RSA", "genrsa -traditional 2048"),
        ] {
            let key = VehicleKey::from_pem(openssl(arguments)).unwrap_or_else(|error| panic!("{kind}: {error}"));
            let request = parsed(&key.certificate_signing_request("A").unwrap());
            assert_eq!(request.public_key.subject_public_key_info(), key.public_key_der(), "{kind}");
        }
    }

    #[test]
    fn a_key_that_cannot_be_used_is_refused_with_what_to_give_and_never_quoted() {
        let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
        for (text, sentence_holds) in [
            ("hello".to_owned(), "is not there"),
            (encrypted.to_owned(), "is encrypted"),
            (openssl("genpkey -algorithm ED25519"), "of no kind that can be used"),
            (openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024"), "of no kind that can be used"),
            (openssl("ecparam -name secp256k1 -genkey -noout"), "of no kind that can be used"),
        ] {
            let error = VehicleKey::from_pem(text).unwrap_err();
            assert!(matches!(error, VehicleError::BadInput(_)), "{error}");
            let sentence = error.to_string();
            assert!(sentence.contains(sentence_holds) && !sentence.contains("BEGIN"), "{sentence}");
        }
    }

    #[test]
    fn debug_output_shows_no_key() {
        assert_eq!(format!("{:?}", VehicleKey::generate().unwrap()), "VehicleKey(hidden)");
    }

    /// A key made on the spot by another maker of keys, so that none is ever kept in the sources.
    fn openssl(arguments: &str) -> String {
        let output = std::process::Command::new("openssl").args(arguments.split(' ')).output().unwrap();
        assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}
