//! What a failure of AWS means to an operator.

use aws::{AwsError, AwsErrorCause, PerformError, Performed};
use shared::api::ApiError;

/// A read failed: nothing was changed.
pub(crate) fn of_read(error: AwsError) -> ApiError {
    of_call(error, String::new())
}

/// An action failed, perhaps half-way.
pub(crate) fn of_action(error: PerformError) -> ApiError {
    match error {
        PerformError::FactsChanged { done, .. } if done.steps.is_empty() => ApiError::ChangedMeanwhile,
        PerformError::FactsChanged { done, .. } => ApiError::Unavailable {
            service: "The vehicle's record".to_owned(),
            problem: "changed while it was being worked on.".to_owned(),
            progress: progress(&done),
        },
        PerformError::Failed { done, source, .. } => {
            let progress = progress(&done);
            of_call(source, progress)
        }
    }
}

fn progress(done: &Performed) -> String {
    if done.steps.is_empty() {
        return "Nothing was changed.".to_owned();
    }
    let steps: Vec<&str> =
        done.steps.iter().filter(|step| step.warning.is_none()).map(|step| step.what.as_str()).collect();
    format!("Done so far: {}. Repeating the action finishes it.", steps.join("; "))
}

fn of_call(error: AwsError, progress: String) -> ApiError {
    let service = error.service.to_string();
    let passing = error.is_passing();
    if error.is_throttling() {
        return ApiError::Throttled { service, progress };
    }
    match error.cause {
        AwsErrorCause::Answer { code, message, request_id, .. } if !passing => ApiError::RefusedByAws {
            service,
            operation: error.operation.to_owned(),
            problem: format!("{code}, {message} (request {request_id})."),
            progress,
        },
        AwsErrorCause::Answer { code, status, request_id, .. } => {
            let problem = format!("it answered {code} with status {status} (request {request_id}).");
            ApiError::Unavailable { service, problem, progress }
        }
        cause => ApiError::Unavailable { service, problem: format!("{cause}."), progress },
    }
}
