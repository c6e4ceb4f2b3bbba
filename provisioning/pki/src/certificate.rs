//! Certificates, whoever issued them.

use der::Decode;
use rsa::sha2::{Digest, Sha256};
use shared::{CertificateId, Timestamp};
use x509_cert::certificate::Version;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};
use x509_cert::time::Time;

use crate::armor::{self, Kind, Unreadable};
use crate::key::Key;
use crate::name::{self, COMMON_NAME, SERIAL_NUMBER};

/// What AWS IoT takes as `certificatePem`, in characters.
const LONGEST_TEXT: usize = 65_536;

/// A well-formed X.509 certificate. That it can be read says nothing yet of whether it is to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    pub(crate) der: Vec<u8>,
    pub(crate) content: x509_cert::Certificate,
    id: CertificateId,
    key: Key,
    valid_from: Timestamp,
    valid_until: Timestamp,
}

impl Certificate {
    /// Reads PEM, with anything around it, or bare base64, with exactly one certificate in it.
    pub fn parse(text: &str) -> Result<Self, CertificateProblem> {
        let mut chain = Self::parse_chain(text)?;
        match chain.len() {
            1 => Ok(chain.remove(0)),
            count => Err(CertificateProblem::Several { count }),
        }
    }

    /// Reads one certificate or several, in the order of the text; never none.
    pub fn parse_chain(text: &str) -> Result<Vec<Self>, CertificateProblem> {
        let found = armor::blocks(text, LONGEST_TEXT).map_err(|unreadable| match unreadable {
            Unreadable::TooLarge => CertificateProblem::TooLarge { bytes: text.len() },
            Unreadable::Empty => CertificateProblem::Empty,
            Unreadable::NotText => CertificateProblem::NotText,
            Unreadable::PrivateKey => CertificateProblem::PrivateKey,
            Unreadable::CutOff => CertificateProblem::CutOff,
            Unreadable::NotBase64 => CertificateProblem::NotBase64,
        })?;
        found.into_iter().map(|block| Self::of(block.kind, block.der)).collect()
    }

    /// Reads the binary form (DER).
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateProblem> {
        if der.is_empty() {
            return Err(CertificateProblem::Empty);
        }
        if der.len() > LONGEST_TEXT {
            return Err(CertificateProblem::TooLarge { bytes: der.len() });
        }
        Self::of(armor::kind_by_content(der).unwrap_or(Kind::Unlabelled), der.to_vec())
    }

    fn of(kind: Kind, der: Vec<u8>) -> Result<Self, CertificateProblem> {
        match kind {
            Kind::Certificate | Kind::Unlabelled => {}
            Kind::PrivateKey => return Err(CertificateProblem::PrivateKey),
            Kind::Request => return Err(CertificateProblem::Request),
            Kind::PublicKey => return Err(CertificateProblem::PublicKey),
            Kind::Other => return Err(CertificateProblem::SomethingElse),
        }
        let content = x509_cert::Certificate::from_der(&der).map_err(|_| CertificateProblem::Malformed)?;
        let inside = content.tbs_certificate();
        // What is signed says how it is signed; RFC 5280 wants both places to agree.
        if inside.signature() != content.signature_algorithm() {
            return Err(CertificateProblem::Malformed);
        }
        let fingerprint: String = Sha256::digest(&der).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Certificate {
            id: fingerprint.try_into().map_err(|_| CertificateProblem::Malformed)?,
            key: Key::of(inside.subject_public_key_info()),
            valid_from: timestamp(inside.validity().not_before),
            valid_until: timestamp(inside.validity().not_after),
            der,
            content,
        })
    }

    /// Its identity in AWS IoT: the SHA-256 of its DER.
    pub fn id(&self) -> &CertificateId {
        &self.id
    }

    /// The certificate in PEM: nothing around it, line feeds only.
    pub fn pem(&self) -> String {
        crate::pem::write("CERTIFICATE", &self.der)
    }

    /// Whose it is, the most particular part first, safe to show; empty where it names nobody.
    pub fn subject(&self) -> String {
        name::shown(self.content.tbs_certificate().subject())
    }

    /// Who issued it, in the same way.
    pub fn issuer(&self) -> String {
        name::shown(self.content.tbs_certificate().issuer())
    }

    /// The common names of its subject, as they were written.
    pub fn common_names(&self) -> Vec<String> {
        self.subject_values(COMMON_NAME)
    }

    /// The serial numbers in its subject, as they were written; not the certificate's own.
    pub fn subject_serial_numbers(&self) -> Vec<String> {
        self.subject_values(SERIAL_NUMBER)
    }

    pub(crate) fn subject_values(&self, attribute: &str) -> Vec<String> {
        name::values(self.content.tbs_certificate().subject(), attribute)
    }

    /// Its serial number as `openssl` writes it: hexadecimal digits in pairs with colons between them.
    pub fn serial_number(&self) -> String {
        let bytes = self.content.tbs_certificate().serial_number().as_bytes();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
    }

    /// From when it is valid.
    pub fn valid_from(&self) -> Timestamp {
        self.valid_from
    }

    /// Until when it is valid. Certificates say "for ever" by the last second of the year 9999.
    pub fn valid_until(&self) -> Timestamp {
        self.valid_until
    }

    /// The key it is for.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Whether it is of the version that says what a certificate may be used for.
    pub(crate) fn is_version_3(&self) -> bool {
        self.content.tbs_certificate().version() == Version::V3
    }

    /// Whether it may issue certificates: it says it is an authority, and, where it says what its key is for, that is
    /// signing certificates.
    pub fn is_authority(&self) -> bool {
        let inside = self.content.tbs_certificate();
        let says_so =
            matches!(inside.get_extension::<BasicConstraints>(), Ok(Some((_, constraints))) if constraints.ca);
        says_so
            && match inside.get_extension::<KeyUsage>() {
                Ok(usage) => usage.is_none_or(|(_, usage)| usage.key_cert_sign()),
                Err(_) => false,
            }
    }

    /// Whether it is valid at this moment, first and last second included.
    pub fn check_valid_at(&self, now: Timestamp) -> Result<(), NotValidAt> {
        if now < self.valid_from {
            Err(NotValidAt::NotYet { from: self.valid_from })
        } else if now > self.valid_until {
            Err(NotValidAt::NoLonger { until: self.valid_until })
        } else {
            Ok(())
        }
    }
}

/// A time beyond what a timestamp can hold is as good as the last one.
fn timestamp(time: Time) -> Timestamp {
    i64::try_from(time.to_unix_duration().as_secs())
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .unwrap_or(Timestamp::MAX)
}

/// Why a certificate is not valid at a moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotValidAt {
    /// Its time has not come.
    #[error("The certificate is valid only from {from}: wait until then, or check the clock of whoever issued it.")]
    NotYet {
        /// Its first second.
        from: Timestamp,
    },
    /// Its time is over.
    #[error("The certificate was valid until {until}: have a new one issued.")]
    NoLonger {
        /// Its last second.
        until: Timestamp,
    },
}

/// Why a text is no certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateProblem {
    /// Nothing but white space.
    #[error(
        "There is no certificate here: give the whole text from -----BEGIN CERTIFICATE----- to \
         -----END CERTIFICATE-----."
    )]
    Empty,
    /// More than AWS IoT takes.
    #[error(
        "This has {bytes} bytes, too many for a certificate: give the certificate alone, at most {LONGEST_TEXT} bytes."
    )]
    TooLarge {
        /// Length of the text.
        bytes: usize,
    },
    /// A binary file that was read as text.
    #[error(
        "This is not text but a binary file: convert it with \"openssl x509 -inform DER -in FILE\" and give what that \
         prints."
    )]
    NotText,
    /// A private key, alone or beside something else. It is not repeated anywhere.
    #[error(
        "This holds a private key, which nobody but its owner may see: it was not kept. Make a new key, because this \
         one has been shown, and give the certificate alone."
    )]
    PrivateKey,
    /// A signing request.
    #[error("This is a signing request, not a certificate: give what the authority made of it.")]
    Request,
    /// A public key.
    #[error("This is a public key, not a certificate: give the text that begins with CERTIFICATE.")]
    PublicKey,
    /// PEM of another kind.
    #[error("This is neither a certificate nor anything else we know: give the text that begins with CERTIFICATE.")]
    SomethingElse,
    /// More than one certificate where one is wanted.
    #[error("There are {count} certificates in this text: give the one that is meant, without its chain.")]
    Several {
        /// How many there are.
        count: usize,
    },
    /// Boundaries that do not match.
    #[error(
        "The text is cut off or two texts were mixed: copy it again from the dashes before BEGIN to those after END."
    )]
    CutOff,
    /// Characters between the boundaries, or without any, that are not base64.
    #[error("This is not PEM: copy the text again from -----BEGIN CERTIFICATE----- on, and change nothing in it.")]
    NotBase64,
    /// Not what X.509 describes.
    #[error("The certificate is damaged: copy it again as a whole, or ask for it again where it was issued.")]
    Malformed,
}
