use serde::Deserialize;
use shared::{AuthorityId, Count};

use super::{Ask, encoded, read};
use crate::{Aws, AwsError, Transport};

/// How many certificates AWS IoT lists at most in one answer.
const PAGE: u32 = 250;

/// How many answers are read before the rest is left uncounted: 10 calls a second is all that AWS allows.
const PAGES: u32 = 4;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    certificates: Vec<serde_json::Value>,
    next_marker: Option<String>,
}

/// ListCertificatesByCA: how many certificates are registered under an authority, counted up to a thousand.
pub async fn count_certificates_by_ca<T: Transport>(aws: &Aws<T>, id: &AuthorityId) -> Result<Count, AwsError> {
    let mut number = 0;
    let mut marker = String::new();
    for _ in 0..PAGES {
        let ask = Ask {
            operation: "ListCertificatesByCA",
            method: http::Method::GET,
            path: format!("/certificates-by-ca/{id}?pageSize={PAGE}{marker}"),
            principal: None,
            body: None,
        };
        let answer: Answer = read(aws, ask).await?;
        number += u32::try_from(answer.certificates.len()).unwrap_or(u32::MAX);
        match answer.next_marker {
            Some(next) if !next.is_empty() => marker = format!("&marker={}", encoded(&next)),
            _ => return Ok(Count { number, or_more: false }),
        }
    }
    Ok(Count { number, or_more: true })
}
