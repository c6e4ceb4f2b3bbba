//! What an operator's actions carry.

use serde::{Deserialize, Serialize};

use crate::{ClaimName, Refusal};

/// An operator's reason for an action, kept with the record: three to five hundred characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// In the operator's words.
    pub reason: String,
}

impl Reason {
    const SHORTEST: usize = 3;
    const LONGEST: usize = 500;

    /// Trims the reason and makes sure that there is one.
    pub fn checked(reason: &str) -> Result<String, Refusal> {
        let reason = reason.trim();
        if (Self::SHORTEST..=Self::LONGEST).contains(&reason.chars().count()) {
            Ok(reason.to_owned())
        } else {
            Err(Refusal::ReasonMissing)
        }
    }
}

/// Opens the window in which one vehicle may be provisioned once more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenTicket {
    /// In the operator's words.
    pub reason: String,
    /// How long the ticket is open, in minutes: from one minute to seven days.
    pub minutes: u32,
}

impl OpenTicket {
    /// The longest window: seven days.
    pub const LONGEST_MINUTES: u32 = 7 * 24 * 60;
}

/// Authorizes a VIN to be provisioned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authorize {
    /// The VIN as typed; the edge brings it into its one spelling.
    pub vin: String,
    /// The manufacturer.
    pub make: String,
    /// The model.
    pub model: String,
    /// The model year.
    pub year: String,
    /// The claim it is to come with; without one, the claim that every deployment has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimName>,
}

/// Where a listing goes on: opaque to everyone but the edge that made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

impl Cursor {
    /// The text to send back.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
