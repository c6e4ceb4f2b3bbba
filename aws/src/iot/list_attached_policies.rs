use serde::Deserialize;

use super::{Ask, encoded, read};
use crate::{Aws, AwsError, Transport};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    policies: Vec<Policy>,
    next_marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Policy {
    policy_name: String,
}

/// ListAttachedPolicies: the names of all policies of a certificate (by ARN).
pub async fn list_attached_policies<T: Transport>(aws: &Aws<T>, target: &str) -> Result<Vec<String>, AwsError> {
    let mut names = Vec::new();
    let mut marker = String::new();
    loop {
        let ask = Ask {
            operation: "ListAttachedPolicies",
            method: http::Method::POST,
            path: format!("/attached-policies/{}{marker}", encoded(target)),
            principal: None,
            body: None,
        };
        let answer: Answer = read(aws, ask).await?;
        names.extend(answer.policies.into_iter().map(|policy| policy.policy_name));
        match answer.next_marker {
            Some(next) if !next.is_empty() => marker = format!("?marker={}", encoded(&next)),
            _ => return Ok(names),
        }
    }
}
