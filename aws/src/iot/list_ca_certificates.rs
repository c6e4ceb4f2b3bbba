use serde::Deserialize;
use shared::AuthorityId;

use super::{Ask, encoded, read};
use crate::{Aws, AwsError, Transport};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    certificates: Vec<Certificate>,
    next_marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Certificate {
    certificate_id: AuthorityId,
}

/// ListCACertificates: every authority of this account and region.
pub async fn list_ca_certificates<T: Transport>(aws: &Aws<T>) -> Result<Vec<AuthorityId>, AwsError> {
    let mut ids = Vec::new();
    let mut marker = String::new();
    loop {
        let ask = Ask {
            operation: "ListCACertificates",
            method: http::Method::GET,
            path: format!("/cacertificates{marker}"),
            principal: None,
            body: None,
        };
        let answer: Answer = read(aws, ask).await?;
        ids.extend(answer.certificates.into_iter().map(|certificate| certificate.certificate_id));
        match answer.next_marker {
            Some(next) if !next.is_empty() => marker = format!("?marker={}", encoded(&next)),
            _ => return Ok(ids),
        }
    }
}
