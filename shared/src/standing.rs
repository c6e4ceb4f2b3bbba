//! Where a vehicle stands, in one word.

use serde::{Deserialize, Serialize};

/// Where a vehicle stands, as an operator would say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VehicleStanding {
    /// Its certificate is active and it has reported with it.
    Connected,
    /// Its certificate is active and it has not reported yet.
    Provisioned,
    /// It was admitted and its registration has not been seen yet.
    Provisioning,
    /// It may be provisioned and never was.
    Authorized,
    /// It has no active certificate and an open ticket lets it get a new one.
    AwaitingReprovision,
    /// Its certificate is suspended.
    OnHold,
    /// Its certificate was withdrawn.
    Revoked,
    /// It has no certificate and the door is closed: denied, or never let in.
    NotAllowed,
}

impl VehicleStanding {
    /// Every standing, in the order in which filters offer them.
    pub const ALL: [Self; 8] = [
        Self::Connected,
        Self::Provisioned,
        Self::Provisioning,
        Self::Authorized,
        Self::AwaitingReprovision,
        Self::OnHold,
        Self::Revoked,
        Self::NotAllowed,
    ];

    /// The word in URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Provisioned => "provisioned",
            Self::Provisioning => "provisioning",
            Self::Authorized => "authorized",
            Self::AwaitingReprovision => "awaiting-reprovision",
            Self::OnHold => "on-hold",
            Self::Revoked => "revoked",
            Self::NotAllowed => "not-allowed",
        }
    }

    /// Reads the word in URLs.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.as_str() == word)
    }
}
