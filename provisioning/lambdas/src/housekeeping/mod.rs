//! Chores that are done once in a while: one module each. One that fails does not keep the next from being done.

mod metrics;
mod retiring_claims;
mod revoked_certificates;

pub use metrics::AnonymizedMetrics;

use serde_json::Value;

use crate::{Environment, Failure, log};

/// Does every chore, or the one that the event names. Fails at the end where one failed, so that it is noticed; what is left
/// is done the next time.
pub async fn housekeeping(environment: &Environment, event: &Value) -> Result<Value, Failure> {
    // Numbers of a day go out once a day, by a schedule of their own.
    if event["chore"] == METRICS {
        return conclude(vec![(METRICS, metrics::send_metrics(environment).await)]);
    }
    conclude(vec![
        ("end retiring claims", retiring_claims::end_retiring_claims(environment).await),
        ("remove revoked certificates", revoked_certificates::remove_revoked_certificates(environment).await),
    ])
}

/// The chore that the daily schedule names.
const METRICS: &str = "send anonymised metrics";

fn conclude(chores: Vec<(&str, Result<usize, Failure>)>) -> Result<Value, Failure> {
    let mut failed = Vec::new();
    for (chore, result) in chores {
        match result {
            Ok(done) => log::info("chore done", &[("chore", chore.to_owned()), ("items", done.to_string())]),
            Err(error) => {
                log::error("chore failed", &[("chore", chore.to_owned()), ("error", error.to_string())]);
                failed.push(chore);
            }
        }
    }
    if failed.is_empty() { Ok(Value::Null) } else { Err(format!("these chores failed: {}", failed.join(", ")).into()) }
}
