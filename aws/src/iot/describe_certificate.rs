use serde::Deserialize;
use shared::{CertificateId, CertificateStatus, Timestamp};

use super::{Ask, read};
use crate::{Aws, AwsError, Transport};

/// What AWS IoT says of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateDescription {
    /// Its ARN.
    pub arn: String,
    /// Its status; `None` for one of the statuses of a transfer between accounts.
    pub status: Option<CertificateStatus>,
    /// When AWS IoT got it.
    pub created_at: Option<Timestamp>,
    /// From when it is valid.
    pub valid_from: Option<Timestamp>,
    /// Until when it is valid.
    pub valid_until: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    certificate_description: Description,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Description {
    certificate_arn: String,
    status: String,
    creation_date: Option<f64>,
    validity: Option<Validity>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Validity {
    not_before: Option<f64>,
    not_after: Option<f64>,
}

/// DescribeCertificate; `None` where AWS IoT has no such certificate.
pub async fn describe_certificate<T: Transport>(
    aws: &Aws<T>,
    id: &CertificateId,
) -> Result<Option<CertificateDescription>, AwsError> {
    let ask = Ask {
        operation: "DescribeCertificate",
        method: http::Method::GET,
        path: format!("/certificates/{id}"),
        principal: None,
        body: None,
    };
    let answer: Answer = match read(aws, ask).await {
        Ok(answer) => answer,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error),
    };
    let description = answer.certificate_description;
    let validity = description.validity.unwrap_or(Validity { not_before: None, not_after: None });
    Ok(Some(CertificateDescription {
        arn: description.certificate_arn,
        status: CertificateStatus::from_word(&description.status),
        created_at: description.creation_date.and_then(epoch_seconds),
        valid_from: validity.not_before.and_then(epoch_seconds),
        valid_until: validity.not_after.and_then(epoch_seconds),
    }))
}

/// AWS IoT writes times as seconds since 1970 with a fraction.
fn epoch_seconds(seconds: f64) -> Option<Timestamp> {
    Timestamp::from_millisecond((seconds * 1_000.0) as i64).ok()
}
