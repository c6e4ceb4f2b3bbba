//! Certificates as AWS IoT identifies and reports them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The identity of a certificate in AWS IoT: the SHA-256 of its DER encoding, as 64 lower-case hexadecimal digits.
/// It is therefore the certificate's fingerprint, too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CertificateId(String);

impl CertificateId {
    /// The 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of the certificate whose DER encoding has this SHA-256.
    pub fn of_digest(digest: [u8; 32]) -> Self {
        CertificateId(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The certificate named by an ARN `arn:aws:iot:<region>:<account>:cert/<id>`, or by the bare id.
    pub fn from_principal(principal: &str) -> Result<Self, InvalidCertificateId> {
        let id = principal.rsplit_once(":cert/").map_or(principal, |(_, id)| id);
        id.to_owned().try_into()
    }
}

impl fmt::Display for CertificateId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<CertificateId> for String {
    fn from(id: CertificateId) -> String {
        id.0
    }
}

impl TryFrom<String> for CertificateId {
    type Error = InvalidCertificateId;

    fn try_from(id: String) -> Result<Self, InvalidCertificateId> {
        if id.len() == 64 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            Ok(CertificateId(id))
        } else {
            Err(InvalidCertificateId)
        }
    }
}

/// The text is no certificate id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A certificate id has 64 hexadecimal digits in lower case: copy it from the vehicle's page.")]
pub struct InvalidCertificateId;

/// A claim certificate: the one a plant installs on many vehicles, good for nothing but asking to be provisioned.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClaimCertificateId(pub CertificateId);

impl ClaimCertificateId {
    /// The 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for ClaimCertificateId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// An authority: a CA certificate that is registered in AWS IoT, so that vehicles may come with certificates it signed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuthorityId(pub CertificateId);

impl AuthorityId {
    /// The 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for AuthorityId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// What a certificate is *reported* to be, by AWS IoT or by a table row that repeats it.
/// What is *requested* of a certificate is an effect of the rules, never a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CertificateStatus {
    /// The vehicle can connect with it.
    Active,
    /// It cannot be used now; this can be undone.
    Inactive,
    /// It was issued, and its vehicle has not registered it yet.
    PendingActivation,
    /// It was withdrawn for good.
    Revoked,
    /// AWS IoT no longer has it. Only table rows say so.
    Deleted,
}

impl CertificateStatus {
    /// Every status a row can have. The rows of each are one partition of the status index.
    pub const ALL: [Self; 5] = [Self::Active, Self::Inactive, Self::PendingActivation, Self::Revoked, Self::Deleted];

    /// The word that AWS IoT and the tables use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Inactive => "INACTIVE",
            Self::PendingActivation => "PENDING_ACTIVATION",
            Self::Revoked => "REVOKED",
            Self::Deleted => "DELETED",
        }
    }

    /// Reads the word that AWS IoT and the tables use.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

impl fmt::Display for CertificateStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
