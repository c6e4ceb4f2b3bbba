//! Certificates, certificate signing requests and authorities as text that somebody hands us, read and checked.
//!
//! Everything is pure: no file, no network, no clock; the time is an argument. Whatever is wrong is said in one or two
//! sentences for the people who made the text. A private key is refused and never repeated.
//!
//! With the feature `draft` alone there is nothing here but the few bytes of writing that a browser needs to ask for a
//! certificate for a key it made itself.

#[cfg(feature = "check")]
mod armor;
#[cfg(feature = "check")]
mod authority;
#[cfg(feature = "check")]
mod certificate;
#[cfg(feature = "check")]
mod chain;
#[cfg(feature = "check")]
mod csr;
#[cfg(feature = "draft")]
mod draft;
#[cfg(feature = "check")]
mod key;
#[cfg(feature = "check")]
mod name;
#[cfg(any(feature = "check", feature = "draft"))]
mod pem;
#[cfg(feature = "check")]
mod signature;
#[cfg(feature = "check")]
mod vehicle_name;

#[cfg(feature = "check")]
pub use authority::{AuthorityProblem, ProofProblem, check_authority, check_proof_of_possession};
#[cfg(feature = "check")]
pub use certificate::{Certificate, CertificateProblem, NotValidAt};
#[cfg(feature = "check")]
pub use chain::NotIssuedBy;
#[cfg(feature = "check")]
pub use csr::{Csr, CsrProblem, NamesSomethingElse};
#[cfg(feature = "draft")]
pub use draft::{draft_request, finish_p256};
#[cfg(feature = "check")]
pub use key::{Key, KeyProblem};
#[cfg(feature = "check")]
pub use vehicle_name::{SubjectField, vehicle_named_by};
