use serde::Deserialize;

use super::{Ask, read};
use crate::{Aws, AwsError, Transport};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    registration_code: String,
}

/// GetRegistrationCode: what a proof of possession has as its common name. It stays the same for this account and region.
pub async fn registration_code<T: Transport>(aws: &Aws<T>) -> Result<String, AwsError> {
    let ask = Ask {
        operation: "GetRegistrationCode",
        method: http::Method::GET,
        path: "/registrationcode".to_owned(),
        principal: None,
        body: None,
    };
    let answer: Answer = read(aws, ask).await?;
    Ok(answer.registration_code)
}
