//! The worlds that are searched to their end.

use stateright::{Checker, Model};

use super::SmallWorld;
use super::bounds::{Bounds, Budget, LIVE, REVOKED, Sight, WITH_A_TICKET};
use crate::scenarios::interleavings::Button;

pub const RACE: Bounds = Bounds {
    name: "two devices come at the same time",
    before: &[],
    budget: Budget { asks: 2, ..Budget::NONE },
    buttons: &[],
    may_see_the_tables_alone: false,
    mutation: None,
    sights: &[Sight::OneWinner],
};

const ONE: Bounds = Bounds {
    name: "one device comes and an operator is about",
    budget: Budget { asks: 1, presses: 1, ..Budget::NONE },
    sights: &[],
    ..RACE
};

pub const REPLACED: Bounds = Bounds {
    name: "a live vehicle is replaced under a ticket",
    before: LIVE,
    budget: Budget { asks: 2, presses: 1, hours: 1, ..Budget::NONE },
    buttons: &[Button::OpenTicket],
    sights: &[Sight::ReplacedByTicket, Sight::TicketEnded],
    ..RACE
};

pub const RACE_WITH_A_DEATH: Bounds = Bounds {
    name: "two devices come and a program dies",
    budget: Budget { asks: 2, deaths: 1, ..Budget::NONE },
    ..RACE
};

pub const RACE_WITH_A_LOSS: Bounds = Bounds {
    name: "two devices come, an event is lost and AWS IoT gives up a registration",
    budget: Budget { asks: 2, losses: 1, abandons: 1, ..Budget::NONE },
    ..RACE
};

pub const RACE_WITH_A_REPEAT: Bounds = Bounds {
    name: "two devices come and an event is delivered twice",
    budget: Budget { asks: 2, repeats: 1, ..Budget::NONE },
    ..RACE
};

pub const RACE_WITH_A_REPORT: Bounds = Bounds {
    name: "two devices come and a vehicle reports before its event is handled",
    budget: Budget { asks: 2, reports: 1, ..Budget::NONE },
    ..RACE
};

pub const RACE_ASKED_AGAIN: Bounds = Bounds {
    name: "two devices come and AWS IoT asks twice",
    budget: Budget { asks: 2, asks_again: 1, ..Budget::NONE },
    ..RACE
};

const ASKED_AGAIN: Bounds = Bounds {
    name: "AWS IoT asks twice, a program dies and an event is delivered twice",
    budget: Budget { asks: 1, asks_again: 1, deaths: 1, repeats: 1, ..Budget::NONE },
    sights: &[],
    ..RACE
};

pub const RACE_FORGOTTEN: Bounds = Bounds {
    name: "two devices come and AWS IoT gives up and forgets one",
    budget: Budget { asks: 2, abandons: 1, forgets: 1, ..Budget::NONE },
    ..RACE
};

pub const RACE_REVOKED: Bounds = Bounds {
    name: "two devices come and an operator revokes one meanwhile",
    budget: Budget { asks: 2, presses: 1, ..Budget::NONE },
    buttons: &[Button::Revoke],
    ..RACE
};

pub const BURNED: Bounds = Bounds {
    name: "two devices come and their claim certificate is burned",
    budget: Budget { asks: 2, burns: 1, ..Budget::NONE },
    sights: &[Sight::OneWinner, Sight::StrandedByBurning],
    ..RACE
};

pub const REVOKED_WHILE_IT_COMES: Bounds = Bounds {
    name: "a device is revoked while it comes, and anything fails once",
    budget: Budget { asks: 1, presses: 1, deaths: 1, losses: 1, reports: 1, ..Budget::NONE },
    buttons: &[Button::Revoke],
    sights: &[Sight::InterruptedRevocationFinished],
    ..ONE
};

pub const HELD_WHILE_IT_COMES: Bounds = Bounds {
    name: "a device is put on hold while it comes and released, and anything fails once",
    budget: Budget { asks: 1, presses: 2, deaths: 1, losses: 1, repeats: 1, ..Budget::NONE },
    buttons: &[Button::Hold, Button::Release],
    sights: &[Sight::Released],
    ..ONE
};

pub const SEEN_IN_THE_TABLES_ALONE: Bounds = Bounds {
    name: "an operator acts on what the tables alone say",
    budget: Budget { asks: 1, presses: 2, deaths: 1, ..Budget::NONE },
    buttons: &[Button::Authorize, Button::Revoke, Button::Hold, Button::Release, Button::OpenTicket],
    may_see_the_tables_alone: true,
    ..ONE
};

pub const REPLACED_WITH_A_DEATH: Bounds = Bounds {
    name: "a live vehicle is replaced under a ticket, a program dies and an event is lost",
    budget: Budget { asks: 2, presses: 1, deaths: 1, losses: 1, ..Budget::NONE },
    sights: &[Sight::ReplacedByTicket, Sight::OneWinner],
    ..REPLACED
};

pub const REPLACED_OR_ABANDONED: Bounds = Bounds {
    name: "a live vehicle is to be replaced and AWS IoT gives up",
    budget: Budget { asks: 2, presses: 1, abandons: 1, hours: 1, ..Budget::NONE },
    ..REPLACED
};

pub const REVOKED_AND_REPLACED: Bounds = Bounds {
    name: "a revoked vehicle gets a ticket and two devices come",
    before: REVOKED,
    budget: Budget { asks: 2, presses: 1, losses: 1, ..Budget::NONE },
    sights: &[Sight::BackAfterRevocation],
    ..REPLACED
};

pub const REVOKED_UNDER_A_TICKET: Bounds = Bounds {
    name: "a vehicle with a ticket is revoked while a device comes, and gets another ticket",
    before: WITH_A_TICKET,
    budget: Budget { asks: 1, presses: 3, ..Budget::NONE },
    buttons: &[Button::Revoke, Button::OpenTicket],
    sights: &[Sight::BackAfterRevocation, Sight::ReplacedByTicket],
    ..REPLACED
};

pub const REVOKED_WHILE_TWO_COME: Bounds = Bounds {
    name: "a vehicle with a ticket is revoked while two devices come",
    before: WITH_A_TICKET,
    budget: Budget { asks: 2, presses: 1, ..Budget::NONE },
    buttons: &[Button::Revoke],
    sights: &[Sight::ReplacedByTicket],
    ..REPLACED
};

pub const REVOKED_REPLACED_AND_REMOVED: Bounds = Bounds {
    name: "a live vehicle is revoked, replaced and removed, and a program dies",
    budget: Budget { asks: 1, presses: 2, deaths: 1, removals: 1, ..Budget::NONE },
    buttons: &[Button::Revoke, Button::OpenTicket],
    sights: &[Sight::BackAfterRevocation, Sight::InterruptedRevocationFinished, Sight::Removed],
    ..REPLACED
};

pub const HELD_AND_REPLACED: Bounds = Bounds {
    name: "a live vehicle is put on hold, released and replaced",
    budget: Budget { asks: 1, presses: 3, ..Budget::NONE },
    buttons: &[Button::Hold, Button::Release, Button::OpenTicket],
    sights: &[Sight::ReplacedByTicket, Sight::Released],
    ..REPLACED
};

pub const HELD_AND_REPORTING: Bounds = Bounds {
    name: "a live vehicle is put on hold and released while it reports",
    budget: Budget { presses: 3, reports: 2, deaths: 1, ..Budget::NONE },
    buttons: &[Button::Hold, Button::Release, Button::Revoke],
    sights: &[Sight::Released],
    ..REPLACED
};

/// Searches a world to its end and says how many states it has.
fn search(bounds: Bounds) -> usize {
    let checker = SmallWorld::new(bounds).checker().spawn_bfs().join();
    let failures = checker.discoveries().into_iter().filter_map(|(name, path)| {
        let sought = checker.model().property(name).expectation == stateright::Expectation::Sometimes;
        let (broken, history) = checker.model().broken_by(&path.into_actions());
        (!sought).then(|| format!("{}: not so: {name}: {broken:?}\n{history}", bounds.name))
    });
    let failures: Vec<String> = failures.collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    for property in checker.model().properties() {
        let met = checker.discovery(property.name).is_some();
        let sought = property.expectation == stateright::Expectation::Sometimes;
        assert_eq!(met, sought, "{}: never met: {}", bounds.name, property.name);
    }
    checker.unique_state_count()
}

/// The number of states is said so that nobody takes a search that ended early for one that found nothing.
fn searched(worlds: &[Bounds], at_least: usize) {
    let states: usize = worlds.iter().map(|bounds| search(*bounds)).sum();
    assert!(states >= at_least, "only {states} states");
}

#[test]
fn whoever_races_one_wins_whatever_is_lost_or_repeated() {
    searched(
        &[
            RACE,
            RACE_WITH_A_DEATH,
            RACE_WITH_A_LOSS,
            RACE_WITH_A_REPEAT,
            RACE_WITH_A_REPORT,
            ASKED_AGAIN,
            RACE_FORGOTTEN,
        ],
        150_000,
    );
}

#[test]
fn whoever_is_put_out_while_it_comes_stays_out() {
    searched(&[RACE_REVOKED, REVOKED_WHILE_IT_COMES, HELD_WHILE_IT_COMES, SEEN_IN_THE_TABLES_ALONE, BURNED], 150_000);
}

#[test]
fn a_live_vehicle_is_replaced_under_a_ticket_alone() {
    searched(&[REPLACED, REPLACED_WITH_A_DEATH, REPLACED_OR_ABANDONED, HELD_AND_REPLACED, HELD_AND_REPORTING], 30_000);
}

#[test]
fn a_revoked_vehicle_comes_back_with_a_later_ticket_alone() {
    searched(
        &[REVOKED_AND_REPLACED, REVOKED_UNDER_A_TICKET, REVOKED_WHILE_TWO_COME, REVOKED_REPLACED_AND_REMOVED],
        300_000,
    );
}
