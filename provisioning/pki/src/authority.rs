//! What is checked before a certificate authority is registered.

use shared::Timestamp;

use crate::certificate::{Certificate, NotValidAt};
use crate::chain::NotIssuedBy;
use crate::key::KeyProblem;
use crate::name::shown_value;

/// Whether AWS IoT would take this certificate as an authority's, and whether we should.
pub fn check_authority(certificate: &Certificate, now: Timestamp) -> Result<(), AuthorityProblem> {
    if !certificate.is_version_3() {
        return Err(AuthorityProblem::OldVersion);
    }
    if !certificate.is_authority() {
        return Err(AuthorityProblem::NoAuthority { subject: certificate.subject() });
    }
    certificate.check_valid_at(now)?;
    certificate.key().check()?;
    Ok(())
}

/// Whether `verification` proves that whoever registers `authority` holds its key: issued by it, with this account's
/// registration code as its one common name.
pub fn check_proof_of_possession(
    verification: &Certificate,
    authority: &Certificate,
    registration_code: &str,
) -> Result<(), ProofProblem> {
    let code = registration_code.trim();
    let names = verification.common_names();
    if names.is_empty() {
        return Err(ProofProblem::NoCode { code: shown_value(code) });
    }
    if let Some(other) = names.iter().find(|name| *name != code) {
        return Err(ProofProblem::AnotherCode { common_name: shown_value(other), code: shown_value(code) });
    }
    Ok(verification.is_issued_by(authority)?)
}

/// Why a certificate is not taken as an authority's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityProblem {
    /// X.509 before version 3 cannot say who may issue certificates.
    #[error("The authority's certificate is not of X.509 version 3: have the authority make a new one.")]
    OldVersion,
    /// It may not issue certificates.
    #[error(
        "\"{subject}\" may not issue certificates (CA:TRUE and, if the key's uses are listed, certificate signing): \
         give the authority's own certificate, not one that it issued."
    )]
    NoAuthority {
        /// Whose certificate it is.
        subject: String,
    },
    /// Not at this time.
    #[error(transparent)]
    NotValid(#[from] NotValidAt),
    /// A key that is not good enough.
    #[error(transparent)]
    Key(#[from] KeyProblem),
}

/// Why a certificate does not prove that somebody holds an authority's key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofProblem {
    /// It has no common name.
    #[error(
        "The verification certificate has no common name: have the authority issue one with the registration code \
         {code} as its common name."
    )]
    NoCode {
        /// What was expected.
        code: String,
    },
    /// It has another common name, or several.
    #[error(
        "The verification certificate has the common name \"{common_name}\" instead of this account's registration \
         code: have the authority issue one with the common name {code} alone."
    )]
    AnotherCode {
        /// What it has.
        common_name: String,
        /// What was expected.
        code: String,
    },
    /// The authority did not issue it.
    #[error(transparent)]
    NotIssued(#[from] NotIssuedBy),
}
