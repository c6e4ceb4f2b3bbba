//! The permission to replace one vehicle's certificate once.

use serde::{Deserialize, Serialize};

use crate::{CertificateId, Timestamp};

/// An operator's permission for one VIN to be provisioned once more, within a window of time.
/// It is kept with the authorized vehicle, so it is bound to that VIN.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReprovisionTicket {
    /// When it was opened, which also identifies it among the tickets of its VIN.
    pub opened_at: Timestamp,
    /// The operator who opened it.
    pub opened_by: String,
    /// Why, in the operator's words.
    pub reason: String,
    /// From then on it lets nobody in.
    pub ends_at: Timestamp,
    /// The certificate it let in, once it has.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub used_by: Option<CertificateId>,
}

/// What a ticket is good for at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketState {
    /// It would let one certificate in.
    Open,
    /// It has let one certificate in.
    Used,
    /// Its time is over.
    Expired,
}

impl ReprovisionTicket {
    /// What the ticket is good for at `now`.
    pub fn state(&self, now: Timestamp) -> TicketState {
        if self.used_by.is_some() {
            TicketState::Used
        } else if now >= self.ends_at {
            TicketState::Expired
        } else {
            TicketState::Open
        }
    }
}
