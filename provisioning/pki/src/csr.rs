//! Certificate signing requests: a vehicle keeps its key and hands over this.

use der::Decode;
use shared::{ThingName, Vin};
use x509_cert::request::CertReq;

use crate::armor::{self, Kind, Unreadable};
use crate::key::{Key, KeyProblem};
use crate::name::{self, COMMON_NAME};
use crate::signature::{SignatureProblem, verify};

/// Room for a request with much explanation around it.
const LONGEST_TEXT: usize = 8 * 1024;

/// What AWS IoT takes as `certificateSigningRequest`, in characters of PEM.
const LONGEST_PEM: usize = 4096;

/// A certificate signing request (PKCS #10) that is whole: signed by its own key, which is good enough, in a way that
/// is good enough. Whose it is, [`Csr::speaks_for`] tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Csr {
    pem: String,
    key: Key,
    subject: String,
    common_names: Vec<String>,
}

impl Csr {
    /// Reads PEM, with anything around it, or bare base64, of at most 8 KB with exactly one request in it.
    pub fn parse(text: &str) -> Result<Self, CsrProblem> {
        let found = armor::blocks(text, LONGEST_TEXT).map_err(|unreadable| match unreadable {
            Unreadable::TooLarge => CsrProblem::TooLarge { bytes: text.len() },
            Unreadable::Empty => CsrProblem::Empty,
            Unreadable::NotText => CsrProblem::NotText,
            Unreadable::PrivateKey => CsrProblem::PrivateKey,
            Unreadable::CutOff => CsrProblem::CutOff,
            Unreadable::NotBase64 => CsrProblem::NotBase64,
        })?;
        match found.as_slice() {
            [only] => Self::of(only.kind, &only.der),
            several => Err(CsrProblem::Several { count: several.len() }),
        }
    }

    /// Reads the binary form (DER).
    pub fn from_der(der: &[u8]) -> Result<Self, CsrProblem> {
        if der.is_empty() {
            return Err(CsrProblem::Empty);
        }
        if der.len() > LONGEST_TEXT {
            return Err(CsrProblem::TooLarge { bytes: der.len() });
        }
        Self::of(armor::kind_by_content(der).unwrap_or(Kind::Unlabelled), der)
    }

    fn of(kind: Kind, der: &[u8]) -> Result<Self, CsrProblem> {
        match kind {
            Kind::Request | Kind::Unlabelled => {}
            Kind::PrivateKey => return Err(CsrProblem::PrivateKey),
            Kind::Certificate => return Err(CsrProblem::Certificate),
            Kind::PublicKey => return Err(CsrProblem::PublicKey),
            Kind::Other => return Err(CsrProblem::SomethingElse),
        }
        let request = CertReq::from_der(der).map_err(|_| CsrProblem::Malformed)?;
        let signed = armor::signed_bytes(der).ok_or(CsrProblem::Malformed)?;
        let signature = request.signature.as_bytes().ok_or(CsrProblem::Malformed)?;
        let key = Key::of(&request.info.public_key);
        key.check()?;
        verify(&request.algorithm, &request.info.public_key, signed, signature)?;
        let pem = crate::pem::write("CERTIFICATE REQUEST", der);
        if pem.len() > LONGEST_PEM {
            return Err(CsrProblem::TooLarge { bytes: pem.len() });
        }
        let subject = &request.info.subject;
        Ok(Csr { pem, key, subject: name::shown(subject), common_names: name::values(subject, COMMON_NAME) })
    }

    /// The request in PEM as AWS IoT takes it: nothing around it, line feeds only.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The key that the certificate will be for.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Whom it names, the most particular part first, safe to show; empty where it names nobody.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The first common name as it was written, if there is one.
    pub fn common_name(&self) -> Option<&str> {
        self.common_names.first().map(String::as_str)
    }

    /// Whether it may be signed for this vehicle: it names nobody, or its every common name is the VIN in its one
    /// spelling or the name of the vehicle's thing.
    pub fn speaks_for(&self, vin: &Vin) -> Result<(), NamesSomethingElse> {
        let thing = ThingName::of(vin);
        match self.common_names.iter().find(|name| *name != vin.as_str() && *name != thing.as_str()) {
            None => Ok(()),
            Some(other) => Err(NamesSomethingElse { common_name: name::shown_value(other), vin: vin.clone() }),
        }
    }
}

/// The request is for something else than this vehicle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "The signing request is for \"{common_name}\", not for the vehicle {vin}: choose the vehicle it was made for, or make \
     a new request with the common name {vin}."
)]
pub struct NamesSomethingElse {
    /// The common name that is neither the VIN nor the thing's name, safe to show.
    pub common_name: String,
    /// The vehicle it was to be for.
    pub vin: Vin,
}

/// Why a text is no certificate signing request that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CsrProblem {
    /// Nothing but white space.
    #[error(
        "There is no signing request here: give the whole text from -----BEGIN CERTIFICATE REQUEST----- to \
         -----END CERTIFICATE REQUEST-----."
    )]
    Empty,
    /// More than we, or AWS IoT, take.
    #[error(
        "This has {bytes} bytes, too many for a signing request of a vehicle: give one request in PEM, with at most \
         {LONGEST_TEXT} bytes around and {LONGEST_PEM} in it."
    )]
    TooLarge {
        /// Length of the text, or of the request in PEM.
        bytes: usize,
    },
    /// A binary file that was read as text.
    #[error(
        "This is not text but a binary file: convert it with \"openssl req -inform DER -in FILE\" and give what that \
         prints."
    )]
    NotText,
    /// A private key, alone or beside something else. It is not repeated anywhere.
    #[error(
        "This holds a private key, which must never leave the vehicle: it was not kept. Make a new key, because this \
         one has been shown, and give the signing request alone."
    )]
    PrivateKey,
    /// A certificate.
    #[error("This is a certificate, not a signing request: give the text that begins with CERTIFICATE REQUEST.")]
    Certificate,
    /// A public key.
    #[error(
        "This is a public key, not a signing request: make the request where the private key is, for example with \
         \"openssl req -new -key KEY\"."
    )]
    PublicKey,
    /// PEM of another kind.
    #[error(
        "This is neither a signing request nor anything else we know: give the text that begins with CERTIFICATE REQUEST."
    )]
    SomethingElse,
    /// More than one block.
    #[error("There are {count} things in this text: give one signing request and nothing else.")]
    Several {
        /// How many blocks there are.
        count: usize,
    },
    /// Boundaries that do not match.
    #[error(
        "The text is cut off or two texts were mixed: copy it again from the dashes before BEGIN to those after END."
    )]
    CutOff,
    /// Characters between the boundaries, or without any, that are not base64.
    #[error(
        "This is not PEM: copy the text again from -----BEGIN CERTIFICATE REQUEST----- on, and change nothing in it."
    )]
    NotBase64,
    /// Not what PKCS #10 describes.
    #[error("The signing request is damaged: copy it again as a whole, or make a new one.")]
    Malformed,
    /// Signed with another key, or changed after it was signed.
    #[error(
        "The signature does not fit the request: it was changed after it was made, or signed with another key. Make \
         a new request."
    )]
    WrongSignature,
    /// Signed with a digest that can be forged.
    #[error("The request is signed with {algorithm}, which is not safe any more: make it again with SHA-256.")]
    WeakSignature {
        /// The digest.
        algorithm: String,
    },
    /// Signed in another way than AWS IoT takes.
    #[error("The request is signed in a way that AWS IoT does not take ({algorithm}): make it again with SHA-256.")]
    UnsupportedSignature {
        /// The way.
        algorithm: String,
    },
    /// A key that is not good enough.
    #[error(transparent)]
    Key(#[from] KeyProblem),
}

impl From<SignatureProblem> for CsrProblem {
    fn from(problem: SignatureProblem) -> Self {
        match problem {
            SignatureProblem::Weak { algorithm } => CsrProblem::WeakSignature { algorithm },
            SignatureProblem::Unsupported { algorithm } => CsrProblem::UnsupportedSignature { algorithm },
            SignatureProblem::Wrong => CsrProblem::WrongSignature,
        }
    }
}
