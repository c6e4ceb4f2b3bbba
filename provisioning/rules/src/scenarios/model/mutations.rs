//! Each way in which the rules could be wrong is found out.

use stateright::{Checker, HasDiscoveries, Model};

use super::SmallWorld;
use super::bounds::Bounds;
use super::small_worlds::*;
use crate::scenarios::interleavings::{Law, Mutation};

/// The law that is broken first when the rules are wrong in this way.
fn broken_law(mutation: Mutation, bounds: Bounds) -> Option<Law> {
    let world = SmallWorld::new(Bounds { mutation: Some(mutation), sights: &[], ..bounds });
    let checker = world.checker().finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let shortest = checker.discoveries().into_values().map(|path| path.into_actions()).min_by_key(Vec::len)?;
    let (broken, _) = checker.model().broken_by(&shortest);
    broken.map(|broken| broken.law)
}

#[test]
fn every_mutation_of_the_rules_breaks_a_law() {
    let mutations = [
        (Mutation::LeavesTheDoorOpen, REVOKED_UNDER_A_TICKET, Law::RevokedStaysOut),
        (Mutation::RetiresBeforeRegistration, REPLACED_OR_ABANDONED, Law::NobodyIsStranded),
        (Mutation::IgnoresInPlaceOf, RACE, Law::TicketsBind),
        (Mutation::IgnoresRegistrationSince, RACE_ASKED_AGAIN, Law::TicketsBind),
        (Mutation::IgnoresWhatBecameOfTheTicket, REVOKED_UNDER_A_TICKET, Law::RevokedStaysOut),
        (Mutation::ForgetsThatTicketsWereUsed, REPLACED, Law::TicketsBind),
        (Mutation::ForgetsHolds, HELD_AND_REPLACED, Law::HeldStaysOut),
        (Mutation::ForgetsThatClaimsEnded, BURNED, Law::EndedClaimsAdmitNobody),
        (Mutation::LosesDeniedAttempts, RACE, Law::NothingIsLost),
        (Mutation::KeepsWhatWasReplaced, REPLACED, Law::OneIsActive),
        (Mutation::KeepsLatecomers, RACE_WITH_A_LOSS, Law::TablesTellTheTruth),
        (Mutation::BelievesTheTables, RACE_WITH_A_LOSS, Law::TablesTellTheTruth),
        (Mutation::RevokesInTheTablesAlone, REVOKED_WHILE_IT_COMES, Law::TablesTellTheTruth),
        (Mutation::ReleasesTheWrongWayRound, HELD_AND_REPORTING, Law::TablesTellTheTruth),
        (Mutation::RemovesFromTheTablesAlone, REVOKED_REPLACED_AND_REMOVED, Law::TablesTellTheTruth),
    ];
    let unexpected = mutations
        .map(|(mutation, bounds, law)| (mutation, law, broken_law(mutation, bounds)))
        .into_iter()
        .filter(|(_, law, broken)| *broken != Some(*law))
        .collect::<Vec<_>>();
    assert_eq!(unexpected, []);
}
