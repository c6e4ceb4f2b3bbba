//! AWS IoT's provisioning templates and the policies they give to vehicles, read as data: what a template would register for
//! one vehicle, and what a policy lets every vehicle do.
//!
//! [`ProvisioningTemplate::parse`] refuses what AWS IoT refuses and what it would misunderstand, each with a sentence;
//! [`ProvisioningTemplate::plan`] says exactly what would come of a registration. Nothing here waits, reads a clock or calls
//! AWS: whoever carries a plan out does that elsewhere.

mod policy;
mod template;

mod expression;
mod limits;
mod plan;
mod problem;

pub use plan::{AttributeOverride, GroupsOverride, PlannedPolicy, PlannedStatus, RegistrationPlan, TypeOverride};
pub use policy::{PolicyDifference, PolicyDocument, Reach};
pub use problem::TemplateProblem;
pub use template::{CERTIFICATE_ID_PARAMETER, LONGEST_TEMPLATE, ProvisioningTemplate};
