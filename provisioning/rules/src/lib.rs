//! The decisions of vehicle provisioning: facts in, decision and effects out.
//!
//! Nothing here waits, reads a clock, draws a random number or knows how AWS is called. Every change that is ever made
//! is an [`Effect`]; `aws::perform` carries effects out in the order in which they stand.

mod after_registration;
mod authorize;
mod current;
mod decide_provisioning;
mod effect;
mod facts;
mod hold;
mod open_ticket;
mod release;
mod retire;
mod revoke;
mod standing;
mod vehicle_connected;

pub use after_registration::{AwaitingActivation, after_registration};
pub use authorize::authorize;
pub use current::current_certificate;
pub use decide_provisioning::{ProvisioningDecision, ProvisioningRequest, decide_provisioning, deny};
pub use effect::{Admission, Authorization, DoorClosure, Effect, Registration, StatusRecord};
pub use facts::{ActionBy, VehicleFacts};
pub use hold::{hold, may_hold};
pub use open_ticket::{may_open_ticket, open_ticket};
pub use release::{may_release, release};
pub use revoke::{may_revoke, revoke};
pub use standing::standing;
pub use vehicle_connected::vehicle_connected;

#[cfg(test)]
mod scenarios;
