//! Once a day, where the deployment says so, its numbers go to an address: what [`AnonymizedMetrics`] lists and nothing else.

use std::collections::BTreeMap;

use aws::Transport;
use aws::dynamodb::{Counting, KeyCondition, Query, count, query};
use aws::tables::provisioned_vehicles::{CERTIFICATE_STATUS, STATUS_INDEX};
use aws::tables::provisioning_attempts::{ATTEMPT_ID, OUTCOME, OUTCOME_INDEX};
use serde::{Deserialize, Serialize};
use shared::{AttemptOutcome, CertificateStatus, SignedDuration};

use crate::environment::setting;
use crate::{Environment, Failure, log};

/// So many certificates of a status are counted; of more, this number is told.
const MOST: u32 = 1_000_000;

/// All that is ever sent. No VIN, certificate, account, operator or address is in it, and nothing it could be made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnonymizedMetrics {
    /// Stands for the deployment: random, made with the stack, and gone with it.
    pub deployment_id: String,
    /// The version of this project.
    pub version: String,
    /// The AWS region.
    pub region: String,
    /// Vehicles that were let in within the last day.
    pub provisioned: u64,
    /// Tries that were denied within the last day, by reason; reasons without any are left out.
    pub denied: BTreeMap<String, u64>,
    /// Certificates by their status, rounded to two significant digits.
    pub certificates: BTreeMap<String, u64>,
}

/// Sends the numbers, where both the switch and the address say so. How many requests there were: none or one. Whether they
/// arrive is nobody's concern here: a failure is a line in the log.
pub(super) async fn send_metrics(environment: &Environment) -> Result<usize, Failure> {
    let Some(url) = address(setting) else { return Ok(0) };
    let deployment_id = setting("DEPLOYMENT_ID").ok_or("the setting DEPLOYMENT_ID is missing: deploy again")?;
    let metrics = gather(environment, deployment_id).await?;
    let request =
        http::Request::post(url).header("content-type", "application/json").body(serde_json::to_vec(&metrics)?)?;
    let problem = match environment.aws.transport.send(request).await {
        Ok(response) if response.status().is_success() => return Ok(1),
        Ok(response) => format!("the answer has status {}", response.status()),
        Err(error) => error.to_string(),
    };
    log::warn("anonymised metrics did not arrive", &[("problem", problem)]);
    Ok(1)
}

/// Where to send to: nowhere, unless there is an address and the switch is `Yes`.
fn address(setting: impl Fn(&str) -> Option<String>) -> Option<String> {
    let is_on = setting("SEND_ANONYMIZED_METRICS").as_deref() == Some("Yes");
    setting("METRICS_URL").filter(|url| is_on && !url.is_empty())
}

async fn gather(environment: &Environment, deployment_id: String) -> Result<AnonymizedMetrics, Failure> {
    let since = (environment.aws.now() - SignedDuration::from_hours(24)).to_string();
    let mut provisioned = 0;
    let mut denied = BTreeMap::new();
    for outcome in AttemptOutcome::all() {
        let number = attempts_since(environment, outcome, &since).await?;
        match outcome {
            AttemptOutcome::Allowed => provisioned = number,
            AttemptOutcome::Denied(reason) if number > 0 => {
                denied.insert(reason.to_string(), number);
            }
            AttemptOutcome::Denied(_) => {}
        }
    }
    let mut certificates = BTreeMap::new();
    for status in CertificateStatus::ALL {
        let of_status = Counting {
            table: &environment.tables.provisioned_vehicles,
            index: STATUS_INDEX,
            partition: (CERTIFICATE_STATUS, status.as_str()),
            filter: None,
        };
        let number = count(&environment.aws, &of_status, MOST).await?.number;
        certificates.insert(status.to_string(), rounded(number.into()));
    }
    Ok(AnonymizedMetrics {
        deployment_id,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        region: environment.aws.region.clone(),
        provisioned,
        denied,
        certificates,
    })
}

async fn attempts_since(environment: &Environment, outcome: AttemptOutcome, since: &str) -> Result<u64, Failure> {
    let mut number = 0;
    let mut start = None;
    loop {
        let page = query(
            &environment.aws,
            Query {
                table: &environment.tables.provisioning_attempts,
                index: Some(OUTCOME_INDEX),
                partition: (OUTCOME, outcome.as_str()),
                // An attempt's id begins with its time, and no time begins with a tilde.
                sort: Some(KeyCondition::Between(ATTEMPT_ID, since, "~")),
                descending: false,
                limit: None,
                start,
            },
        )
        .await?;
        number += page.items.len() as u64;
        start = page.last_evaluated_key;
        if start.is_none() {
            return Ok(number);
        }
    }
}

/// To two significant digits: 1,234 is 1,200.
fn rounded(number: u64) -> u64 {
    let unit = std::iter::successors(Some(1_u64), |unit| unit.checked_mul(10)).find(|unit| number / unit < 100);
    let unit = unit.unwrap_or(1);
    (number + unit / 2) / unit * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_rounded_to_two_significant_digits() {
        for (number, told) in [(0, 0), (7, 7), (99, 99), (123, 120), (125, 130), (1_234, 1_200), (99_949, 100_000)] {
            assert_eq!(rounded(number), told, "{number}");
        }
    }

    #[test]
    fn nothing_is_sent_without_an_address_or_with_the_switch_off() {
        let with = |switch: &'static str, url: &'static str| {
            address(move |name| {
                Some(if name == "METRICS_URL" { url } else { switch }.to_owned()).filter(|text| !text.is_empty())
            })
        };
        assert_eq!(with("Yes", "https://metrics.example"), Some("https://metrics.example".to_owned()));
        for (switch, url) in [("No", "https://metrics.example"), ("", "https://metrics.example"), ("Yes", "")] {
            assert_eq!(with(switch, url), None, "{switch} {url}");
        }
    }

    #[test]
    fn the_documentation_shows_exactly_what_is_sent() {
        let written = include_str!("../../../../docs/metrics.md");
        let (_, rest) = written.split_once("```json\n").expect("an example");
        let (example, _) = rest.split_once("```").expect("its end");
        let read: AnonymizedMetrics = serde_json::from_str(example).expect("all of its members, and no other");
        assert_eq!(serde_json::to_value(&read).unwrap(), serde_json::from_str::<serde_json::Value>(example).unwrap());
        // Every member is explained.
        for member in serde_json::to_value(&read).unwrap().as_object().unwrap().keys() {
            assert!(written.contains(&format!("`{member}`")), "{member}");
        }
    }

    #[test]
    fn no_text_that_is_sent_can_hold_a_vin_an_account_or_a_certificate() {
        let id = crate::deployment::deployment_id("arn:aws:cloudformation:eu-west-1:123456789012:stack/cms/5f");
        let words = AttemptOutcome::all()
            .map(AttemptOutcome::as_str)
            .chain(CertificateStatus::ALL.map(|status| status.as_str()));
        let texts: Vec<String> = words.map(str::to_owned).chain([id, env!("CARGO_PKG_VERSION").to_owned()]).collect();
        for text in texts {
            assert!(!text.contains("123456789012"), "{text}");
            assert!(shared::CertificateId::try_from(text.clone()).is_err(), "{text}");
            let is_vin = text.len() == 17 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
            assert!(!is_vin, "{text}");
        }
    }
}
