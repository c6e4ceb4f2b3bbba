use serde::Deserialize;

use super::call;
use crate::{Aws, AwsError, Transport};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    secret_list: Vec<Listed>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    name: String,
}

/// ListSecrets: the names that begin with `prefix`, but for those of secrets that wait for their deletion.
pub async fn list_secrets<T: Transport>(aws: &Aws<T>, prefix: &str) -> Result<Vec<String>, AwsError> {
    let mut request = serde_json::json!({ "Filters": [{ "Key": "name", "Values": [prefix] }], "MaxResults": 100 });
    let mut names = Vec::new();
    loop {
        let answer: Answer = call(aws, "ListSecrets", &request).await?;
        // Whatever else a filter may find.
        names.extend(answer.secret_list.into_iter().map(|listed| listed.name).filter(|name| name.starts_with(prefix)));
        match answer.next_token {
            Some(token) => request["NextToken"] = token.into(),
            None => return Ok(names),
        }
    }
}
