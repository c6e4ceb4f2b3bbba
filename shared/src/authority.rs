//! Authorities: the CA certificates under which vehicles bring certificates of their own.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{AuthorityId, Timestamp};

/// How AWS IoT knows which account a certificate under an authority belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuthorityMode {
    /// By the authority alone: it is registered in one account of the region, and whoever registered it proved to have its
    /// key. Vehicles need not name the server.
    Default,
    /// By the server name that the vehicle sends (SNI): the authority may be registered in several accounts, and nobody
    /// proved to have its key.
    SniOnly,
}

impl AuthorityMode {
    /// Every mode.
    pub const ALL: [Self; 2] = [Self::Default, Self::SniOnly];

    /// The word that AWS IoT uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "DEFAULT",
            Self::SniOnly => "SNI_ONLY",
        }
    }

    /// Reads the word that AWS IoT uses.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == word)
    }
}

impl fmt::Display for AuthorityMode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What an operator did to an authority. It is written before it is done, so that nothing is done without a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorityRecord {
    /// The authority.
    pub authority_id: AuthorityId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub operator: String,
    /// What, in plain words, such as `deactivate`.
    pub what: String,
    /// Why, in the operator's words.
    pub reason: String,
}
