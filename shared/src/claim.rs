//! Claim certificates: what each is for, and what has become of it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ClaimCertificateId, Timestamp};

/// What a claim certificate is for: one plant, one batch. Each name has one certificate that is current, and may have others
/// that a rotation replaced and that still work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClaimName(String);

impl ClaimName {
    /// The longest name, in characters.
    pub const LONGEST: usize = 32;

    /// The name of the claim that every deployment has.
    pub fn default_name() -> Self {
        ClaimName("default".to_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the one that every deployment has.
    pub fn is_default(&self) -> bool {
        self.0 == "default"
    }
}

impl fmt::Display for ClaimName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<ClaimName> for String {
    fn from(name: ClaimName) -> String {
        name.0
    }
}

impl TryFrom<String> for ClaimName {
    type Error = InvalidClaimName;

    fn try_from(name: String) -> Result<Self, InvalidClaimName> {
        let fits = (1..=Self::LONGEST).contains(&name.len());
        let plain = name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if fits && plain { Ok(ClaimName(name)) } else { Err(InvalidClaimName) }
    }
}

/// The text is no name of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A claim's name has 1 to 32 lower-case letters, digits and hyphens, such as plant-7.")]
pub struct InvalidClaimName;

/// What has become of a claim certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimState {
    /// It is being made and does not work yet.
    Preparing,
    /// It is the one that its name stands for.
    Current,
    /// A rotation replaced it. It still works until its end.
    Retiring,
    /// It came to its end after a rotation, and is deleted.
    Retired,
    /// An operator took it out of use.
    Burned,
}

impl ClaimState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Preparing, Self::Current, Self::Retiring, Self::Retired, Self::Burned];

    /// The word that is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Current => "current",
            Self::Retiring => "retiring",
            Self::Retired => "retired",
            Self::Burned => "burned",
        }
    }

    /// Reads the stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether its use is over for good.
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Retired | Self::Burned)
    }
}

/// The row of ClaimCertificates: one claim certificate, from before AWS IoT heard of it until after it is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRecord {
    /// The certificate.
    pub id: ClaimCertificateId,
    /// What it is for.
    pub name: ClaimName,
    /// The secret that keeps its key, by name.
    pub secret_id: String,
    /// What has become of it.
    pub state: ClaimState,
    /// When it was made; for one that was found in use, when it was found.
    pub created_at: Timestamp,
    /// Who or what made it.
    pub created_by: String,
    /// When a rotation replaced it.
    pub retiring_since: Option<Timestamp>,
    /// The latest moment at which it still works, once a rotation has replaced it.
    pub retire_at: Option<Timestamp>,
    /// How many VINs were still expected with it when it was replaced.
    pub expected_at_retirement: Option<u32>,
    /// The certificate that replaced it.
    pub replaced_by: Option<ClaimCertificateId>,
    /// When its use ended.
    pub ended_at: Option<Timestamp>,
    /// The operator, where a person ended it.
    pub ended_by: Option<String>,
    /// Why it ended.
    pub reason: Option<String>,
}

/// A number that was counted up to a limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How many were counted.
    pub number: u32,
    /// Whether there may be more.
    pub or_more: bool,
}

impl fmt::Display for Count {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (thousands, rest) = (self.number / 1_000, self.number % 1_000);
        match thousands {
            0 => write!(formatter, "{rest}")?,
            _ => write!(formatter, "{thousands},{rest:03}")?,
        }
        formatter.write_str(if self.or_more { "+" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain_and_short() {
        for name in ["default", "plant-7", "0", "a".repeat(32).as_str()] {
            assert_eq!(ClaimName::try_from(name.to_owned()).map(|name| name.to_string()), Ok(name.to_owned()));
        }
        for name in ["", "Plant", "a b", "a/b", "é", "a".repeat(33).as_str(), "..", "a_b"] {
            assert_eq!(ClaimName::try_from(name.to_owned()), Err(InvalidClaimName), "{name}");
        }
    }

    #[test]
    fn a_count_says_when_there_may_be_more() {
        assert_eq!(Count { number: 7, or_more: false }.to_string(), "7");
        assert_eq!(Count { number: 1_000, or_more: true }.to_string(), "1,000+");
        assert_eq!(Count { number: 12_034, or_more: false }.to_string(), "12,034");
    }
}
