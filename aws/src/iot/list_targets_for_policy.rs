use serde::Deserialize;

use super::{Ask, encoded, read};
use crate::{Aws, AwsError, Transport};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    targets: Vec<String>,
    next_marker: Option<String>,
}

/// ListTargetsForPolicy: the ARNs of everything a policy is attached to.
pub async fn list_targets_for_policy<T: Transport>(aws: &Aws<T>, policy: &str) -> Result<Vec<String>, AwsError> {
    let mut targets = Vec::new();
    let mut marker = String::new();
    loop {
        let ask = Ask {
            operation: "ListTargetsForPolicy",
            method: http::Method::POST,
            path: format!("/policy-targets/{}{marker}", encoded(policy)),
            principal: None,
            body: None,
        };
        let answer: Answer = read(aws, ask).await?;
        targets.extend(answer.targets);
        match answer.next_marker {
            Some(next) if !next.is_empty() => marker = format!("?marker={}", encoded(&next)),
            _ => return Ok(targets),
        }
    }
}
