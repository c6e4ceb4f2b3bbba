//! Why an operator cannot do something now.

use serde::{Deserialize, Serialize};

use crate::DenialReason;

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
    /// Retired before.
    #[error("This claim certificate is out of use already: there is nothing left to burn.")]
    ClaimEnded,
    /// Others were authorized since the operator looked.
    #[error("More vehicles are expected with this claim now than you were shown: look again and decide anew.")]
    MoreVehiclesExpected,
    /// No certificate stands behind the name.
    #[error("No working claim certificate has this name: make one, or choose another name.")]
    NoSuchClaimName,
    /// One stands behind the name already.
    #[error("There is a claim of this name already: rotate it to get a new certificate.")]
    ClaimNameTaken,
    /// One rotation at a time.
    #[error("A rotation of this claim is under way already and goes on by itself: look again in a minute.")]
    RotationUnderWay,
    /// The vehicle would not be let in if it asked for itself, and an operator cannot let it in otherwise, either.
    #[error("{}", .0.explanation())]
    Denied(DenialReason),
    /// A certificate speaks for one vehicle, for ever.
    #[error(
        "This certificate is registered already, and a certificate serves one vehicle once: have a new one signed."
    )]
    CertificateAlreadyRegistered,
    /// A certificate is good only under an authority that is in use.
    #[error(
        "The authority that signed this certificate is registered and not active: activate it first, on the page Authorities."
    )]
    IssuingAuthorityInactive,
    /// One registration is enough.
    #[error(
        "This CA is registered already: find it in the list of authorities, and activate it there if it is not active."
    )]
    AuthorityAlreadyRegistered,
    /// AWS IoT deletes no authority that is in use.
    #[error("This authority is active: deactivate it first, and then delete it.")]
    AuthorityStillActive,
}
