//! What can happen next.

use proptest::collection::vec;
use proptest::prelude::*;

/// One thing that happens. The numbers choose among what there is at that moment, and nothing happens where there is nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A device gets a new certificate by its claim and asks for it to be registered.
    Ask,
    /// AWS IoT calls the hook once more for a certificate.
    AskAgain(usize),
    /// A program that runs gets one step further: it reads and decides, or carries out one effect.
    Run(usize),
    /// A program runs to its end.
    RunThrough(usize),
    /// A program dies where it is.
    Die(usize),
    /// AWS IoT gets one step further with a registration that the hook allowed.
    Register(usize),
    /// AWS IoT gives up a registration that the hook allowed.
    AbandonRegistration(usize),
    /// An event is delivered, and stays to be delivered again or not.
    Deliver { event: usize, again: bool },
    /// An event is never delivered.
    LoseEvent(usize),
    /// A device whose certificate is active connects and reports.
    Report(usize),
    /// AWS IoT deletes a certificate that nobody activated within the hour.
    Forget(usize),
    /// An operator presses a button.
    Press { button: Button, row: usize, sees_registry: bool },
    /// An operator repeats what failed before.
    PressAgain,
    /// A certificate that was revoked is removed.
    Remove(usize),
    /// An operator burns the claim certificate of the devices, where one is on record.
    Burn,
    /// Time passes.
    Wait { minutes: u8 },
}

/// The buttons of a vehicle's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    Authorize,
    OpenTicket,
    Revoke,
    Hold,
    Release,
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    vec(step(), 1..90)
}

fn step() -> impl Strategy<Value = Step> {
    let which = 0..8_usize;
    prop_oneof![
        4 => Just(Step::Ask),
        1 => which.clone().prop_map(Step::AskAgain),
        12 => which.clone().prop_map(Step::Run),
        6 => which.clone().prop_map(Step::RunThrough),
        1 => which.clone().prop_map(Step::Die),
        6 => which.clone().prop_map(Step::Register),
        1 => which.clone().prop_map(Step::AbandonRegistration),
        5 => (which.clone(), prop::bool::weighted(0.3)).prop_map(|(event, again)| Step::Deliver { event, again }),
        1 => which.clone().prop_map(Step::LoseEvent),
        2 => which.clone().prop_map(Step::Report),
        1 => which.clone().prop_map(Step::Forget),
        4 => (button(), which, any::<bool>())
            .prop_map(|(button, row, sees_registry)| Step::Press { button, row, sees_registry }),
        1 => Just(Step::PressAgain),
        1 => (0..8_usize).prop_map(Step::Remove),
        1 => (1..120_u8).prop_map(|minutes| Step::Wait { minutes }),
    ]
}

fn button() -> impl Strategy<Value = Button> {
    prop_oneof![
        2 => Just(Button::Authorize),
        4 => Just(Button::OpenTicket),
        2 => Just(Button::Revoke),
        2 => Just(Button::Hold),
        2 => Just(Button::Release),
    ]
}
