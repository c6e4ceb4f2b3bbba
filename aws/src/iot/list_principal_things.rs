use serde::Deserialize;

use super::{Ask, encoded, read};
use crate::{Aws, AwsError, Transport};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    things: Vec<String>,
    next_token: Option<String>,
}

/// ListPrincipalThings: the names of all things that have this certificate (by ARN).
pub async fn list_principal_things<T: Transport>(aws: &Aws<T>, principal: &str) -> Result<Vec<String>, AwsError> {
    let mut things = Vec::new();
    let mut token = String::new();
    loop {
        let ask = Ask {
            operation: "ListPrincipalThings",
            method: http::Method::GET,
            path: format!("/principals/things{token}"),
            principal: Some(principal),
            body: None,
        };
        let answer: Answer = read(aws, ask).await?;
        things.extend(answer.things);
        match answer.next_token {
            Some(next) if !next.is_empty() => token = format!("?nextToken={}", encoded(&next)),
            _ => return Ok(things),
        }
    }
}
