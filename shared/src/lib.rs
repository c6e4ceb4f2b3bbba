//! The words of vehicle provisioning that stand on both sides of a wire: identifiers, records and the console API.
//!
//! Everything here is data that was parsed at a door. This crate never waits, never reads a clock, never draws a random
//! number and knows nothing of AWS beyond the names AWS gives to things.

mod attempt;
mod authority;
mod certificate;
mod claim;
mod denial;
mod receipt;
mod refusal;
mod self_check;
mod standing;
mod thing_name;
mod ticket;
mod timestamp;
mod vehicle;
mod vin;

pub mod api;

pub use attempt::{AttemptId, AttemptOutcome, ProvisioningAttempt};
pub use authority::{AuthorityMode, AuthorityRecord};
pub use certificate::{AuthorityId, CertificateId, CertificateStatus, ClaimCertificateId, InvalidCertificateId};
pub use claim::{ClaimName, ClaimRecord, ClaimState, Count, InvalidClaimName};
pub use denial::DenialReason;
pub use jiff::SignedDuration;
pub use receipt::{Receipt, ReceiptId, ReceiptOutcome, ReceiptStep, StepOutcome};
pub use refusal::Refusal;
pub use self_check::{Check, CheckOutcome, SelfCheck};
pub use standing::VehicleStanding;
pub use thing_name::ThingName;
pub use ticket::{ReprovisionTicket, TicketState};
pub use timestamp::{InvalidTimestamp, Timestamp};
pub use vehicle::{AuthorizedVehicle, ProvisionedVehicle, Retirement, RetirementCause};
pub use vin::{DEFAULT_VIN_PATTERN, InvalidVin, InvalidVinPattern, Vin, VinPattern};
