//! Why a vehicle was not let in.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The reason for which an attempt to provision was denied. A refusal is a result and its reason is data:
/// each reason is one partition of the attempts' outcome index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DenialReason {
    /// The request lacks what AWS IoT always sends, or sends it as something else.
    RequestIncomplete,
    /// The request has no `vin` parameter, or one that is no text.
    VinMissing,
    /// The `vin` parameter is no VIN of this deployment.
    VinMalformed,
    /// Nobody authorized this VIN.
    VinNotAuthorized,
    /// The VIN is known and provisioning is switched off for it.
    ProvisioningNotAllowed,
    /// The vehicle is live and no reprovision ticket is open.
    AlreadyProvisioned,
    /// The vehicle's certificate is on hold.
    OnHold,
    /// The vehicle's certificate was revoked and no reprovision ticket is open.
    Revoked,
    /// There was a reprovision ticket, and its time is over.
    TicketExpired,
    /// There was a reprovision ticket, and it has let one certificate in already.
    TicketUsed,
    /// The VIN or its state changed while this request was decided.
    AnotherProvisioningUnderWay,
    /// The certificate of this request was issued to another vehicle or retired before.
    CertificateAlreadyKnown,
    /// The vehicle came with a certificate whose time has not begun or is over.
    CertificateNotValid,
    /// The claim certificate it asked with was replaced and came to its end, or was burned.
    ClaimRetired,
}

impl DenialReason {
    /// Every reason.
    pub const ALL: [Self; 14] = [
        Self::RequestIncomplete,
        Self::VinMissing,
        Self::VinMalformed,
        Self::VinNotAuthorized,
        Self::ProvisioningNotAllowed,
        Self::AlreadyProvisioned,
        Self::OnHold,
        Self::Revoked,
        Self::TicketExpired,
        Self::TicketUsed,
        Self::AnotherProvisioningUnderWay,
        Self::CertificateAlreadyKnown,
        Self::CertificateNotValid,
        Self::ClaimRetired,
    ];

    /// The word that is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RequestIncomplete => "REQUEST_INCOMPLETE",
            Self::VinMissing => "VIN_MISSING",
            Self::VinMalformed => "VIN_MALFORMED",
            Self::VinNotAuthorized => "VIN_NOT_AUTHORIZED",
            Self::ProvisioningNotAllowed => "PROVISIONING_NOT_ALLOWED",
            Self::AlreadyProvisioned => "ALREADY_PROVISIONED",
            Self::OnHold => "ON_HOLD",
            Self::Revoked => "REVOKED",
            Self::TicketExpired => "TICKET_EXPIRED",
            Self::TicketUsed => "TICKET_USED",
            Self::AnotherProvisioningUnderWay => "ANOTHER_PROVISIONING_UNDER_WAY",
            Self::CertificateAlreadyKnown => "CERTIFICATE_ALREADY_KNOWN",
            Self::CertificateNotValid => "CERTIFICATE_NOT_VALID",
            Self::ClaimRetired => "CLAIM_RETIRED",
        }
    }

    /// One sentence for an operator: why, and what would mend it.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::RequestIncomplete => {
                "The request lacks what AWS IoT always sends: make sure that only the provisioning template calls the hook."
            }
            Self::VinMissing => "The vehicle sent no VIN: its software must send the parameter vin with RegisterThing.",
            Self::VinMalformed => "What the vehicle sent is not a VIN: compare the spelling with its papers.",
            Self::VinNotAuthorized => "Nobody authorized this VIN: authorize it if the vehicle is yours.",
            Self::ProvisioningNotAllowed => {
                "The VIN is known, but provisioning is switched off for it: authorize it again."
            }
            Self::AlreadyProvisioned => {
                "The vehicle already has an active certificate: open a reprovision ticket if it needs a new one."
            }
            Self::OnHold => "The vehicle is on hold: release it, or revoke it and open a reprovision ticket.",
            Self::Revoked => "The vehicle was revoked: open a reprovision ticket to let it in again.",
            Self::TicketExpired => "The reprovision ticket had ended: open a new one.",
            Self::TicketUsed => "The reprovision ticket had been used: open a new one if this was the right vehicle.",
            Self::AnotherProvisioningUnderWay => {
                "Another request for this VIN came first: the vehicle may try again. If two devices claim this VIN, find out why."
            }
            Self::CertificateAlreadyKnown => {
                "The certificate of this request was issued before, to another vehicle or to one that lost it: this is not normal, investigate."
            }
            Self::CertificateNotValid => {
                "The time of the vehicle's certificate has not begun or is over: have its authority sign a new one, and look at the authority's clock."
            }
            Self::ClaimRetired => {
                "The claim certificate it asked with is out of use: install the current one on it. If nobody should have the old one, find out who does."
            }
        }
    }
}

impl fmt::Display for DenialReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
