//! Registering the authorities under which vehicles bring certificates of their own, and changing what they are good for.

use std::fmt;

use shared::api::AuthorityAction;
use shared::{AuthorityId, AuthorityMode, Refusal};

use crate::Effect;

/// A CA certificate to be registered. It was checked before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityRegistration {
    /// Whose certificate it is.
    pub subject: String,
    /// The CA certificate, PEM.
    pub certificate_pem: String,
    /// The proof that its key is at hand, PEM: in the mode DEFAULT, and in that alone.
    pub verification_pem: Option<String>,
    /// How AWS IoT is to know the account of its certificates.
    pub mode: AuthorityMode,
    /// Whether vehicles may register themselves when they first connect.
    pub just_in_time: bool,
}

/// What changes of a registered authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorityChange {
    /// It takes certificates again.
    Activate,
    /// It takes no new certificates. Those that are registered stay as they are.
    Deactivate,
    /// Vehicles may register themselves when they first connect.
    AllowJustInTime,
    /// Only operators register certificates under it.
    EndJustInTime,
}

impl fmt::Display for AuthorityChange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            AuthorityChange::Activate => "activate",
            AuthorityChange::Deactivate => "deactivate",
            AuthorityChange::AllowJustInTime => "switch just-in-time registration on for",
            AuthorityChange::EndJustInTime => "switch just-in-time registration off for",
        })
    }
}

/// Whether an authority can be deleted.
pub fn may_delete_authority(active: bool) -> Result<(), Refusal> {
    if active { Err(Refusal::AuthorityStillActive) } else { Ok(()) }
}

/// What an operator's action on an authority comes to. Doing what is done already changes nothing.
pub fn change_authority(id: &AuthorityId, active: bool, action: AuthorityAction) -> Result<Vec<Effect>, Refusal> {
    let change = match action {
        AuthorityAction::Activate => AuthorityChange::Activate,
        AuthorityAction::Deactivate => AuthorityChange::Deactivate,
        AuthorityAction::JustInTimeOn => AuthorityChange::AllowJustInTime,
        AuthorityAction::JustInTimeOff => AuthorityChange::EndJustInTime,
        AuthorityAction::Delete => {
            may_delete_authority(active)?;
            return Ok(vec![Effect::DeleteAuthority(id.clone())]);
        }
    };
    Ok(vec![Effect::ChangeAuthority(id.clone(), change)])
}
