//! The decisions of vehicle provisioning: facts in, decision and effects out.
//!
//! Nothing here waits, reads a clock, draws a random number or knows how AWS is called. Every change that is ever made
//! is an [`Effect`]; `aws::perform` carries effects out in the order in which they stand.

mod after_registration;
mod authority;
mod authorize;
mod claims;
mod current;
mod decide_provisioning;
mod effect;
mod facts;
mod follow_template;
mod hold;
mod issue;
mod just_in_time;
mod open_ticket;
mod own_authority;
mod receipt;
mod release;
mod remove_revoked;
mod replay;
mod retire;
mod revoke;
mod self_check;
mod standing;
mod vehicle_connected;

pub use after_registration::{AwaitingActivation, after_registration};
pub use authority::{AuthorityChange, AuthorityRegistration, change_authority, may_delete_authority};
pub use authorize::authorize;
pub use claims::{
    ClaimEnd, ClaimInSecret, ClaimSuccession, RotationFacts, RotationProblem, SecretText, StillToCome, adopt_claim,
    burn_claim, check_claim, end_retiring, finish_rotation, give_up_version, is_over, may_burn_claim, prepare_claim,
    register_claim, take_claim_away,
};
pub use current::current_certificate;
pub use decide_provisioning::{ProvisioningDecision, ProvisioningRequest, decide_provisioning, deny};
pub use effect::{Admission, Authorization, DoorClosure, Effect, ExpectedClaim, Registration, StatusRecord};
pub use facts::{ActionBy, VehicleFacts};
pub use follow_template::{TemplateNotFollowed, follow_template};
pub use hold::{hold, may_hold};
pub use issue::{may_issue, refuse_to_issue};
pub use just_in_time::decide_just_in_time;
pub use open_ticket::{may_open_ticket, open_ticket};
pub use own_authority::is_own_authority;
pub use provisioning_template::{AttributeOverride, PlannedPolicy, RegistrationPlan, TypeOverride};
pub use receipt::{Stopped, begin_receipt, conclude_receipt, is_unfinished};
pub use release::{may_release, release};
pub use remove_revoked::remove_revoked;
pub use replay::{
    Difference, DifferenceKind, Example, ReplayReport, Ruleset, Today, registration_differences, replay,
    vehicles_to_look_up,
};
pub use revoke::{may_revoke, revoke};
pub use self_check::{
    PermissionFacts, TableFacts, TemplateFacts, check_claims, check_permissions, check_table, check_template,
    check_thing_events,
};
pub use standing::standing;
pub use vehicle_connected::vehicle_connected;

#[cfg(test)]
mod scenarios;
