//! Claim certificates: which there are, whom they reach, and what can be done with them. The secret that holds a claim's key
//! is never read here; what touches a key is a function's to do.

mod ask_function;
mod burn;
mod create;
mod known;
mod list;
mod names;
mod reach;
mod rotate;
mod show;
mod tries;

pub(crate) use burn::burn_claim;
pub(crate) use create::create_claim;
pub(crate) use known::current_claim;
pub(crate) use list::list_claims;
pub(crate) use names::list_claim_names;
pub(crate) use reach::show_claim_reach;
pub(crate) use rotate::rotate_claim;

/// A Worker has six connections at a time.
const AT_ONCE: usize = 3;

/// Vehicles are counted up to this many.
const COUNTED: u32 = 1_000;
