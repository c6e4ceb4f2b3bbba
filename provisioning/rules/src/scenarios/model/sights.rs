//! What the searches must have met.

use shared::{CertificateStatus, ProvisionedVehicle, RetirementCause};
use stateright::Property;

use super::bounds::Sight;
use super::{SmallWorld, State};

impl Sight {
    pub fn property(self) -> Property<SmallWorld> {
        match self {
            Sight::OneWinner => Property::sometimes("a race has one winner", |_, state: &State| {
                at_rest(state) && in_use(state).count() == 1 && ended(state, RetirementCause::Superseded).count() == 1
            }),
            Sight::ReplacedByTicket => Property::sometimes("a ticket replaces a certificate", |_, state: &State| {
                at_rest(state) && in_use(state).count() == 1 && ended(state, RetirementCause::Replaced).count() == 1
            }),
            Sight::InterruptedRevocationFinished => {
                Property::sometimes("an interrupted revocation is finished", |world: &SmallWorld, state: &State| {
                    let interrupted = state.left.deaths < world.bounds.budget.deaths
                        && state.play.world.receipts.values().any(|receipt| receipt.ended_at.is_none());
                    let finished = state.play.world.receipts.values().any(|receipt| receipt.ended_at.is_some());
                    at_rest(state)
                        && interrupted
                        && finished
                        && in_use(state).count() == 0
                        && ended(state, RetirementCause::Revoked).count() == 1
                })
            }
            Sight::BackAfterRevocation => Property::sometimes("a revoked vehicle comes back", |_, state: &State| {
                at_rest(state) && in_use(state).count() == 1 && ended(state, RetirementCause::Revoked).count() == 1
            }),
            Sight::Released => Property::sometimes("a hold is released", |_, state: &State| {
                let actions = state.play.world.receipts.values().filter(|receipt| receipt.ended_at.is_some()).count();
                at_rest(state) && in_use(state).count() == 1 && actions == 2
            }),
            Sight::Removed => Property::sometimes("a revoked certificate is removed", |_, state: &State| {
                let deleted = |row: &&ProvisionedVehicle| row.certificate_status == CertificateStatus::Deleted;
                at_rest(state) && ended(state, RetirementCause::Revoked).filter(deleted).count() == 1
            }),
            Sight::StrandedByBurning => Property::sometimes("burning strands a device", |_, state: &State| {
                let denied = |outcome: &str| outcome == shared::DenialReason::ClaimRetired.as_str();
                at_rest(state)
                    && state.play.world.attempts.values().any(|attempt| denied(attempt.outcome.as_str()))
                    && in_use(state).count() == 0
            }),
            Sight::TicketEnded => Property::sometimes("a ticket ends", |_, state: &State| {
                let denied = |outcome: &str| outcome == shared::DenialReason::TicketExpired.as_str();
                state.play.world.attempts.values().any(|attempt| denied(attempt.outcome.as_str()))
            }),
        }
    }
}

fn at_rest(state: &State) -> bool {
    state.broken.is_none() && state.play.is_quiet() && state.play.is_at_rest().is_ok()
}

fn in_use(state: &State) -> impl Iterator<Item = &ProvisionedVehicle> {
    state.play.world.provisioned.values().filter(|row| row.certificate_status == CertificateStatus::Active)
}

/// The rows of certificates that are out of use for this reason.
fn ended(state: &State, cause: RetirementCause) -> impl Iterator<Item = &ProvisionedVehicle> {
    let rows = state.play.world.provisioned.values();
    rows.filter(move |row| row.retirement.as_ref().is_some_and(|retired| retired.cause == cause))
}
