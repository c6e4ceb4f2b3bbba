//! How much may happen in a world that is searched to its end.

use super::super::interleavings::{Button, Mutation, Step};

/// How often each thing may still happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Budget {
    /// A device comes with a new certificate.
    pub asks: u8,
    /// AWS IoT calls the hook once more.
    pub asks_again: u8,
    /// The operator presses a button.
    pub presses: u8,
    /// A program dies.
    pub deaths: u8,
    /// AWS IoT gives up a registration.
    pub abandons: u8,
    /// An event is lost.
    pub losses: u8,
    /// An event is delivered and stays to be delivered again.
    pub repeats: u8,
    /// A device connects and reports.
    pub reports: u8,
    /// AWS IoT deletes what nobody activated.
    pub forgets: u8,
    /// What was revoked is removed.
    pub removals: u8,
    /// The claim certificate is burned.
    pub burns: u8,
    /// An hour passes.
    pub hours: u8,
}

/// A small world.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// In a few words.
    pub name: &'static str,
    /// What has happened before.
    pub before: &'static [Step],
    /// What may happen.
    pub budget: Budget,
    /// The buttons that the operator may press.
    pub buttons: &'static [Button],
    /// Whether the operator's page may also show what the tables say alone.
    pub may_see_the_tables_alone: bool,
    /// What is done wrong on purpose.
    pub mutation: Option<Mutation>,
    /// What must be met somewhere, so that the search cannot succeed because nothing happens.
    pub sights: &'static [Sight],
}

/// Something to be met at rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Two devices raced: one is in use and the other one was put out.
    OneWinner,
    /// A certificate was replaced by another one under a ticket.
    ReplacedByTicket,
    /// A revocation was interrupted and finished all the same, and the vehicle is out.
    InterruptedRevocationFinished,
    /// A revoked vehicle is back with another certificate.
    BackAfterRevocation,
    /// A vehicle was on hold and is back with the certificate that it had.
    Released,
    /// A certificate was removed, and its row says why.
    Removed,
    /// A vehicle came too late with a claim certificate that was burned.
    StrandedByBurning,
    /// A ticket ended unused.
    TicketEnded,
}

/// A device is let in, registers and reports, and nothing is lost.
pub const LIVE: &[Step] = &[
    Step::Ask,
    Step::RunThrough(0),
    Step::Register(0),
    Step::Register(0),
    Step::Deliver { event: 0, again: false },
    Step::RunThrough(0),
    Step::Report(0),
    Step::RunThrough(0),
];

const fn press(button: Button) -> Step {
    Step::Press { button, row: 0, sees_registry: true }
}

/// The same, and an operator opens a ticket.
pub const WITH_A_TICKET: &[Step] = &[
    Step::Ask,
    Step::RunThrough(0),
    Step::Register(0),
    Step::Register(0),
    Step::Deliver { event: 0, again: false },
    Step::RunThrough(0),
    press(Button::OpenTicket),
    Step::RunThrough(0),
];

/// A live vehicle is revoked.
pub const REVOKED: &[Step] = &[
    Step::Ask,
    Step::RunThrough(0),
    Step::Register(0),
    Step::Register(0),
    Step::Deliver { event: 0, again: false },
    Step::RunThrough(0),
    press(Button::Revoke),
    Step::RunThrough(0),
];

impl Budget {
    /// Nothing may happen.
    pub const NONE: Self = Budget {
        asks: 0,
        asks_again: 0,
        presses: 0,
        deaths: 0,
        abandons: 0,
        losses: 0,
        repeats: 0,
        reports: 0,
        forgets: 0,
        removals: 0,
        burns: 0,
        hours: 0,
    };

    /// What is left after a step; `None` where it may not happen any more.
    pub fn after(mut self, step: &Step) -> Option<Self> {
        let left = match step {
            Step::Ask => &mut self.asks,
            Step::AskAgain(_) => &mut self.asks_again,
            Step::Press { .. } => &mut self.presses,
            Step::Die(_) => &mut self.deaths,
            Step::AbandonRegistration(_) => &mut self.abandons,
            Step::LoseEvent(_) => &mut self.losses,
            Step::Deliver { again: true, .. } => &mut self.repeats,
            Step::Report(_) => &mut self.reports,
            Step::Forget(_) => &mut self.forgets,
            Step::Remove(_) => &mut self.removals,
            Step::Burn => &mut self.burns,
            Step::Wait { .. } => &mut self.hours,
            // What has begun goes on.
            Step::Run(_)
            | Step::RunThrough(_)
            | Step::Register(_)
            | Step::Deliver { again: false, .. }
            | Step::PressAgain => return Some(self),
        };
        *left = left.checked_sub(1)?;
        Some(self)
    }
}
