//! An operator lets one vehicle be provisioned once more.

use shared::api::OpenTicket;
use shared::{Refusal, ReprovisionTicket, SignedDuration, TicketState, Timestamp};

use crate::{ActionBy, Effect, VehicleFacts};

/// Whether a ticket can be opened at `now`.
pub fn may_open_ticket(facts: &VehicleFacts, now: Timestamp) -> Result<(), Refusal> {
    let authorized = facts.authorized.as_ref().ok_or(Refusal::NotAuthorized)?;
    if facts.is_on_hold() {
        return Err(Refusal::OnHold);
    }
    if !facts.was_ever_live() {
        return Err(Refusal::NeverProvisioned);
    }
    match &authorized.ticket {
        Some(ticket) if ticket.state(now) == TicketState::Open => Err(Refusal::TicketAlreadyOpen),
        _ => Ok(()),
    }
}

/// Opens a ticket for `minutes` minutes.
pub fn open_ticket(facts: &VehicleFacts, minutes: u32, action: &ActionBy) -> Result<Vec<Effect>, Refusal> {
    may_open_ticket(facts, action.at)?;
    if !(1..=OpenTicket::LONGEST_MINUTES).contains(&minutes) {
        return Err(Refusal::TicketWindowOutOfRange);
    }
    let ends_at = action
        .at
        .checked_add(SignedDuration::from_mins(i64::from(minutes)))
        .map_err(|_| Refusal::TicketWindowOutOfRange)?;
    let ticket = ReprovisionTicket {
        opened_at: action.at,
        opened_by: action.operator.clone(),
        reason: action.reason.clone(),
        ends_at,
        used_by: None,
    };
    let in_place_of = facts.authorized.as_ref().and_then(|authorized| authorized.ticket.clone());
    Ok(vec![Effect::OpenTicket { vin: facts.vin.clone(), ticket, in_place_of }])
}
