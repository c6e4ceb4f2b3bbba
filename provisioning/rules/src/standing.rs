//! Where a vehicle stands.

use shared::{CertificateStatus, ReprovisionTicket, TicketState, Timestamp, VehicleStanding};

use crate::facts::is_held;
use crate::{VehicleFacts, current_certificate};

/// Says in one word where the vehicle stands at `now`.
pub fn standing(facts: &VehicleFacts, now: Timestamp) -> VehicleStanding {
    let door_open = facts.authorized.as_ref().is_some_and(|authorized| authorized.allow_provisioning);
    let ticket = facts.authorized.as_ref().and_then(|authorized| authorized.ticket.as_ref());
    let may_return = door_open && ticket.map(|ticket: &ReprovisionTicket| ticket.state(now)) == Some(TicketState::Open);
    match current_certificate(facts) {
        Some(row) => match row.certificate_status {
            CertificateStatus::Active if row.has_connected_once => VehicleStanding::Connected,
            CertificateStatus::Active => VehicleStanding::Provisioned,
            CertificateStatus::PendingActivation => VehicleStanding::Provisioning,
            CertificateStatus::Inactive if is_held(row) => VehicleStanding::OnHold,
            CertificateStatus::Inactive if may_return => VehicleStanding::AwaitingReprovision,
            CertificateStatus::Inactive => VehicleStanding::OnHold,
            CertificateStatus::Revoked | CertificateStatus::Deleted if may_return => {
                VehicleStanding::AwaitingReprovision
            }
            CertificateStatus::Revoked => VehicleStanding::Revoked,
            CertificateStatus::Deleted if facts.was_ever_live() => VehicleStanding::Revoked,
            CertificateStatus::Deleted if door_open => VehicleStanding::Authorized,
            CertificateStatus::Deleted => VehicleStanding::NotAllowed,
        },
        None if door_open => VehicleStanding::Authorized,
        None => VehicleStanding::NotAllowed,
    }
}
