//! Who issued a certificate.

use crate::certificate::Certificate;
use crate::signature::{SignatureProblem, verify};
use crate::{armor, name};

impl Certificate {
    /// Whether `issuer` issued this certificate: it names the issuer, the issuer may issue certificates, and its key
    /// made the signature. Times are not looked at.
    pub fn is_issued_by(&self, issuer: &Certificate) -> Result<(), NotIssuedBy> {
        let inside = self.content.tbs_certificate();
        let issuing = issuer.content.tbs_certificate();
        if !name::same(inside.issuer(), issuing.subject()) {
            return Err(NotIssuedBy::NamesAnother { named: self.issuer(), given: issuer.subject() });
        }
        if !issuer.is_authority() {
            return Err(NotIssuedBy::IssuerIsNoAuthority { given: issuer.subject() });
        }
        let signed = armor::signed_bytes(&self.der).unwrap_or_default();
        let signature = self.content.signature().as_bytes().unwrap_or_default();
        verify(self.content.signature_algorithm(), issuing.subject_public_key_info(), signed, signature).map_err(
            |problem| match problem {
                SignatureProblem::Wrong => NotIssuedBy::WrongSignature { given: issuer.subject() },
                SignatureProblem::Weak { algorithm } => NotIssuedBy::WeakSignature { algorithm },
                SignatureProblem::Unsupported { algorithm } => NotIssuedBy::UnsupportedSignature { algorithm },
            },
        )
    }
}

/// Why a certificate does not come from an authority.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotIssuedBy {
    /// It names another issuer.
    #[error("The certificate was issued by \"{named}\", not by \"{given}\": give the authority it names.")]
    NamesAnother {
        /// The issuer that it names.
        named: String,
        /// The certificate that was taken for its issuer.
        given: String,
    },
    /// The certificate that was taken for its issuer may not issue any.
    #[error("\"{given}\" may not issue certificates, so it vouches for nobody: give the certificate of an authority.")]
    IssuerIsNoAuthority {
        /// The certificate that was taken for its issuer.
        given: String,
    },
    /// Names agree, keys do not.
    #[error(
        "The certificate names \"{given}\" as its issuer but is not signed with that one's key: authorities with one \
         name and several keys have several certificates, so give the one it was issued under."
    )]
    WrongSignature {
        /// The certificate that was taken for its issuer.
        given: String,
    },
    /// Signed with a digest that can be forged.
    #[error(
        "The certificate is signed with {algorithm}, which is not safe any more: have it issued again with SHA-256."
    )]
    WeakSignature {
        /// The digest.
        algorithm: String,
    },
    /// Signed in another way than AWS IoT takes.
    #[error(
        "The certificate is signed in a way that AWS IoT does not take ({algorithm}): have it issued again with SHA-256."
    )]
    UnsupportedSignature {
        /// The way.
        algorithm: String,
    },
}
