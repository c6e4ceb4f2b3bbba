use serde::Deserialize;
use shared::{AuthorityId, AuthorityMode, CertificateId, CertificateStatus, Timestamp};

use super::{Ask, epoch_seconds, read};
use crate::{Aws, AwsError, Transport};

/// What AWS IoT says of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateDescription {
    /// Its ARN.
    pub arn: String,
    /// Its status; `None` for one of the statuses of a transfer between accounts.
    pub status: Option<CertificateStatus>,
    /// The certificate, PEM, where AWS IoT gave it.
    pub pem: Option<String>,
    /// The registered authority that signed it, where one did.
    pub authority_id: Option<AuthorityId>,
    /// How AWS IoT knows the account it belongs to; `None` where it does not say.
    pub mode: Option<AuthorityMode>,
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
    certificate_pem: Option<String>,
    ca_certificate_id: Option<AuthorityId>,
    certificate_mode: Option<String>,
    creation_date: Option<f64>,
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
    let validity = description.certificate_pem.as_deref().and_then(validity);
    Ok(Some(CertificateDescription {
        arn: description.certificate_arn,
        status: CertificateStatus::from_word(&description.status),
        pem: description.certificate_pem,
        authority_id: description.ca_certificate_id,
        mode: description.certificate_mode.as_deref().and_then(AuthorityMode::from_word),
        created_at: description.creation_date.and_then(epoch_seconds),
        valid_from: validity.map(|(from, _)| from),
        valid_until: validity.map(|(_, until)| until),
    }))
}

/// From when and until when the certificate says of itself that it is valid; `None` where it cannot be read.
fn validity(pem: &str) -> Option<(Timestamp, Timestamp)> {
    let (_, block) = x509_parser::pem::parse_x509_pem(pem.as_bytes()).ok()?;
    let certificate = block.parse_x509().ok()?;
    let time = |time: x509_parser::time::ASN1Time| Timestamp::from_second(time.timestamp()).ok();
    Some((time(certificate.validity().not_before)?, time(certificate.validity().not_after)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_tells_its_own_validity() {
        let mut parameters = rcgen::CertificateParams::default();
        parameters.not_before = rcgen::date_time_ymd(2024, 2, 29);
        parameters.not_after = rcgen::date_time_ymd(2049, 12, 31);
        let key = rcgen::KeyPair::generate().unwrap();
        let pem = parameters.self_signed(&key).unwrap().pem();
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(validity(&pem), Some((time("2024-02-29T00:00:00Z"), time("2049-12-31T00:00:00Z"))));
        assert_eq!(validity("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), None);
        assert_eq!(validity("no certificate"), None);
    }
}
