//! AWS as this project needs it: typed calls, signed by `aws-sigv4`, over any transport; the tables as Rust; and
//! [`perform()`], the one place that changes anything.
//!
//! Nothing here decides. What should happen is an effect of `provisioning-rules`; this crate makes it happen.

mod authorities;
mod claims;
mod client;
mod credentials;
mod error;
mod gather;
mod json;
#[cfg(feature = "native")]
mod native;
mod perform;
mod probe;
mod service;
mod sign;
mod transport;

pub mod dynamodb;
pub mod iot;
pub mod kms;
pub mod lambda;
pub mod secrets_manager;
pub mod service_quotas;
pub mod sqs;
pub mod tables;

pub use authorities::authority_records;
pub use claims::{claim_records, claim_state, count_admitted, count_expected, count_expected_with_any};
pub use client::{Aws, Call};
pub use credentials::{Credentials, MissingCredentials};
pub use error::{AwsError, AwsErrorCause};
pub use gather::{Gathered, admitted_for, gather, refresh_pending};
#[cfg(feature = "native")]
pub use native::NativeTransport;
pub use perform::{PerformError, Performed, PerformedStep, perform};
pub use probe::{CONSOLE_NEEDS, Probe, ProbeOutcome, ProbeTargets, Probed, ProbedTable, probe};
pub use service::{Endpoints, Service};
pub use sign::sign_request;
pub use transport::{Transport, TransportError};
