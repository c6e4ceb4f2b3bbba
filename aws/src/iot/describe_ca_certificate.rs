use serde::Deserialize;
use shared::{AuthorityId, AuthorityMode, Timestamp};

use super::{Ask, epoch_seconds, read};
use crate::{Aws, AwsError, Transport};

/// What AWS IoT says of an authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityDescription {
    /// Whether it takes certificates.
    pub active: bool,
    /// Whether vehicles may register themselves when they first connect.
    pub just_in_time: bool,
    /// How AWS IoT knows the account; `None` where it does not say.
    pub mode: Option<AuthorityMode>,
    /// The CA certificate.
    pub pem: String,
    /// When it was registered.
    pub registered_at: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    certificate_description: Description,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Description {
    status: String,
    auto_registration_status: Option<String>,
    certificate_mode: Option<String>,
    #[serde(default)]
    certificate_pem: String,
    creation_date: Option<f64>,
}

/// DescribeCACertificate; `None` where there is no such authority.
pub async fn describe_ca_certificate<T: Transport>(
    aws: &Aws<T>,
    id: &AuthorityId,
) -> Result<Option<AuthorityDescription>, AwsError> {
    let ask = Ask {
        operation: "DescribeCACertificate",
        method: http::Method::GET,
        path: format!("/cacertificate/{id}"),
        principal: None,
        body: None,
    };
    let answer: Answer = match read(aws, ask).await {
        Ok(answer) => answer,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error),
    };
    let description = answer.certificate_description;
    Ok(Some(AuthorityDescription {
        active: description.status == "ACTIVE",
        just_in_time: description.auto_registration_status.as_deref() == Some("ENABLE"),
        mode: description.certificate_mode.as_deref().and_then(AuthorityMode::from_word),
        pem: description.certificate_pem,
        registered_at: description.creation_date.and_then(epoch_seconds),
    }))
}
