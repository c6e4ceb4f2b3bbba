//! Why an operator cannot do something now.

use serde::{Deserialize, Serialize};

/// Why an action is not possible now. The console shows it beside the disabled button; the edge answers with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// Revoked before.
    #[error("This certificate is revoked already.")]
    AlreadyRevoked,
    /// AWS IoT no longer has the certificate.
    #[error("This certificate is deleted: there is nothing left to act on.")]
    AlreadyDeleted,
    /// Held before.
    #[error("This certificate is on hold already.")]
    AlreadyOnHold,
    /// Only what is in use can be held.
    #[error("Only an active certificate can be put on hold.")]
    NotActive,
    /// Only what is held can be released.
    #[error("This certificate is not on hold.")]
    NotOnHold,
    /// Another certificate was admitted since.
    #[error("The vehicle has a newer certificate: releasing this one would let two devices speak for one vehicle.")]
    ReplacedMeanwhile,
    /// Nobody authorized the VIN.
    #[error("The VIN is not authorized: authorize it first.")]
    NotAuthorized,
    /// A first provisioning needs no ticket.
    #[error("The vehicle was never provisioned: authorizing it is enough.")]
    NeverProvisioned,
    /// A ticket would be of no use while the vehicle is on hold.
    #[error("The vehicle is on hold: release it, or revoke it before you open a reprovision ticket.")]
    OnHold,
    /// One ticket at a time.
    #[error("A reprovision ticket is open already.")]
    TicketAlreadyOpen,
    /// The window is outside what is allowed.
    #[error("A reprovision ticket lasts between one minute and seven days.")]
    TicketWindowOutOfRange,
    /// Every action keeps its reason.
    #[error("Say why, in at least three and at most 500 characters: it is kept with the record.")]
    ReasonMissing,
}
