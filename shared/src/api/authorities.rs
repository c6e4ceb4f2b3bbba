//! Authorities in the console API: the CA certificates under which vehicles bring certificates of their own.

use serde::{Deserialize, Serialize};

use super::Possibility;
use crate::{AuthorityId, AuthorityMode, AuthorityRecord, CertificateId, Count, Timestamp};

/// What an operator can do to a registered authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthorityAction {
    /// Take certificates under it again.
    Activate,
    /// Take no new certificates under it.
    Deactivate,
    /// Let vehicles register themselves when they first connect.
    JustInTimeOn,
    /// Let only operators register vehicles' certificates under it.
    JustInTimeOff,
    /// Remove it from AWS IoT.
    Delete,
}

impl AuthorityAction {
    /// Every action.
    pub const ALL: [Self; 5] =
        [Self::Activate, Self::Deactivate, Self::JustInTimeOn, Self::JustInTimeOff, Self::Delete];

    /// The word in the path.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Activate => "activate",
            Self::Deactivate => "deactivate",
            Self::JustInTimeOn => "just-in-time-on",
            Self::JustInTimeOff => "just-in-time-off",
            Self::Delete => "delete",
        }
    }
}

/// Registers an authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterAuthority {
    /// The CA certificate, PEM.
    pub certificate_pem: String,
    /// The proof of possession: a certificate that the CA signed, with the registration code as its common name, PEM.
    /// Needed in the mode DEFAULT, and refused in the other.
    pub verification_pem: Option<String>,
    /// How AWS IoT is to know the account of its certificates.
    pub mode: AuthorityMode,
    /// Whether vehicles may register themselves when they first connect.
    pub just_in_time: bool,
    /// Why, in the operator's words.
    pub reason: String,
}

/// The authorities of this account and region, and what it takes to register one more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthoritiesPage {
    /// Those in use first, then by subject.
    pub authorities: Vec<Authority>,
    /// What a proof of possession has as its common name.
    pub registration_code: String,
    /// The edge's clock when it answered.
    pub now: Timestamp,
}

/// One authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// AWS IoT's id of it.
    pub id: AuthorityId,
    /// Whether new certificates under it are taken.
    pub active: bool,
    /// Whether vehicles may register themselves when they first connect.
    pub just_in_time: bool,
    /// How AWS IoT knows the account; `None` where AWS did not say.
    pub mode: Option<AuthorityMode>,
    /// Whose certificate it is, as a distinguished name; `None` where it cannot be read.
    pub subject: Option<String>,
    /// Its serial number, hexadecimal with colons; `None` where it cannot be read.
    pub serial: Option<String>,
    /// The SHA-256 of the certificate; `None` where it cannot be read.
    pub fingerprint: Option<CertificateId>,
    /// From when it is valid.
    pub valid_from: Option<Timestamp>,
    /// Until when it is valid.
    pub valid_until: Option<Timestamp>,
    /// When it was registered.
    pub registered_at: Option<Timestamp>,
    /// How many vehicle certificates are registered under it.
    pub certificates: Count,
    /// What an operator did to it last, where that is on record.
    pub last_action: Option<AuthorityRecord>,
    /// Whether it can be deleted.
    pub delete: Possibility,
}
