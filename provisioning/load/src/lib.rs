//! The load test: many vehicles provision themselves at once, and afterwards no VIN may have two active certificates.
//!
//! It uses the doors that everybody uses: rows as a plant's tools write them, the vehicle's own library over mutual TLS,
//! `aws::perform` to take certificates away. What it reports at the end is read from the tables and from AWS IoT, not from what the vehicles were told.
//!
//! It refuses to go faster than it is told to: RegisterThing, and the calls it makes itself to look and to clean up, spend
//! from the same quota of the account that live vehicles need.

mod authorize;
mod clean;
mod error;
mod fleet;
mod outcome;
mod pace;
mod percentiles;
mod plan;
mod quiet;
mod reasons;
mod run;
mod stack;
mod stop;
mod summary;
mod vins;

pub use error::LoadError;
pub use outcome::{Outcome, Times, Told};
pub use percentiles::Percentiles;
pub use plan::{Plan, PlanProblem, VinChoice};
pub use quiet::{Count, Quiet};
pub use run::{Progress, run};
pub use stack::Stack;
pub use stop::{Stop, stop_switch};
pub use summary::{Cleaned, Summary};
