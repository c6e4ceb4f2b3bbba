//! The record of one request to be provisioned.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{AuthorityId, CertificateId, ClaimCertificateId, DenialReason, Timestamp, Vin};

/// Orders the attempts by time and tells those of one moment apart: `<RFC 3339 time with nanoseconds>#<certificate id>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttemptId(String);

impl AttemptId {
    /// The id of the attempt made at `at` for this certificate.
    pub fn new(at: Timestamp, certificate_id: Option<&CertificateId>) -> Self {
        // All nine digits, so that the order of the texts is the order of the times.
        AttemptId(format!("{at:.9}#{}", certificate_id.map_or("-", CertificateId::as_str)))
    }

    /// Takes an id as it was stored.
    pub fn from_stored(id: String) -> Self {
        AttemptId(id)
    }

    /// The stored text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", tag = "decision", content = "reason")]
pub enum AttemptOutcome {
    /// The certificate was admitted.
    Allowed,
    /// It was denied.
    Denied(DenialReason),
}

impl AttemptOutcome {
    /// Every outcome, each one partition of the attempts' outcome index.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Allowed).chain(DenialReason::ALL.into_iter().map(Self::Denied))
    }

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "ALLOWED",
            Self::Denied(reason) => reason.as_str(),
        }
    }

    /// Reads the stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::all().find(|outcome| outcome.as_str() == word)
    }
}

impl fmt::Display for AttemptOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One request of a vehicle to be provisioned, allowed or denied. Written once, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisioningAttempt {
    /// Its place among the attempts.
    pub attempt_id: AttemptId,
    /// When it was decided.
    pub at: Timestamp,
    /// What the vehicle sent as its VIN, cut at 256 bytes; `None` where it sent none.
    pub presented_vin: Option<String>,
    /// The VIN it stands for; `None` where it stands for none.
    pub vin: Option<Vin>,
    /// The certificate it wanted registered; `None` where the request named none.
    pub certificate_id: Option<CertificateId>,
    /// The claim certificate it asked with; `None` where the request named none.
    pub claim_certificate_id: Option<ClaimCertificateId>,
    /// The authority that signed the certificate, where the vehicle came with one of its own.
    pub authority_id: Option<AuthorityId>,
    /// The operator who issued it in the console; `None` where a vehicle asked for itself.
    pub issued_by: Option<String>,
    /// Why the operator issued it.
    pub reason: Option<String>,
    /// The MQTT client id it asked with.
    pub client_id: Option<String>,
    /// What became of it.
    pub outcome: AttemptOutcome,
}
