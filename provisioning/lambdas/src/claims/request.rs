//! What the console's API may not do itself, because it would touch keys.

use aws::Transport;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::{ClaimName, Refusal};

use super::Claims;
use crate::{Failure, log};

#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
enum Request {
    Create { name: ClaimName, operator: String, request: String },
    Rotate { name: ClaimName, operator: String, request: String },
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimAnswer {
    /// It was done, step by step in plain words.
    Done(Vec<String>),
    /// It cannot be done now.
    Refused(Refusal),
}

/// Serves `{"action": "create" | "rotate", "name", "operator", "request"}` with `{"done": [...]}` or `{"refused": ...}`.
/// `request` is the caller's own word for this request, so that one that is sent again after a lost answer is the same one.
/// No key is ever in an answer.
pub async fn claims<T: Transport>(claims: &Claims<T>, event: &Value) -> Result<Value, Failure> {
    let request: Request = serde_json::from_value(event.clone()).map_err(|error| format!("no request: {error}"))?;
    let answer = match request {
        Request::Create { name, operator, request } => {
            log::info("making a claim", &[("name", name.to_string()), ("operator", operator.clone())]);
            claims.create(&name, &operator, &request).await?
        }
        Request::Rotate { name, operator, request } => {
            log::info("rotating a claim", &[("name", name.to_string()), ("operator", operator.clone())]);
            claims.rotate(&name, &operator, &request).await?
        }
    };
    Ok(serde_json::to_value(answer)?)
}
