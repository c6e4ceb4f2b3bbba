//! Puts the provisioning stack into an AWS account, keeps it up to date and takes it away again.
//!
//! What is deployed is said in `template.yaml` and `customize/` beside this crate; the crate packs the
//! functions, hands both to CloudFormation and tells what becomes of it. It never touches a vehicle, and of a table's content
//! only the attribute that rows are listed by.

mod adopt_stack;
mod adopt_tables;
mod backfill;
mod check;
mod cloudformation;
mod console_key;
pub mod cost;
mod customize;
mod down;
mod dry_run;
mod dynamodb;
mod error;
mod functions;
mod iam;
mod iot_policy;
mod outputs;
mod package;
mod progress;
mod query;
mod s3;
mod sts;
mod target;
mod template;
mod up;
mod upload;

pub use adopt_stack::{AdoptOptions, Adoption, adopt, plan_adoption};
pub use backfill::{BackfillOptions, backfill};
pub use check::{describe_checks, self_check};
pub use console_key::{ConsoleKey, renew_console_key};
pub use customize::{CustomizeProblem, Names, PROVISIONING_TEMPLATE_BODY, VEHICLE_POLICY, check_customization};
pub use down::{Remains, down};
pub use dry_run::{DryRun, DryRunOptions, DryRunProblem, Since, dry_run};
pub use error::{Absent, DeployError};
pub use functions::{FUNCTIONS, Function};
pub use outputs::StackOutputs;
pub use package::{NEWEST_GLIBC, PackageError, package, zip_of};
pub use progress::Progress;
pub use target::Target;
pub use template::{STACK_TEMPLATE, rendered_template};
pub use up::{UpOptions, up};
pub use upload::{Uploaded, upload};
