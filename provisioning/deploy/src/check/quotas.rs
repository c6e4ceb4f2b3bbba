//! Whether the account may call AWS IoT as often as the plan asks.

use aws::service_quotas::iot_quotas;
use aws::{Aws, Transport};
use shared::Check;

use super::unchecked;

const NAME: &str = "Quotas of AWS IoT";

/// How often each rate is spent on one vehicle that is provisioned by claim.
const SPENT: [(&str, f64); 5] = [
    ("Fleet Provisioning CreateKeysAndCertificate MQTT API TPS", 1.0),
    ("Fleet Provisioning RegisterThing MQTT API TPS", 1.0),
    ("DescribeCertificate API TPS", 2.0),
    ("UpdateCertificate API TPS", 1.0),
    ("CreateThing API TPS", 1.0),
];

pub(super) async fn check_quotas<T: Transport>(aws: &Aws<T>, rate: f64) -> Check {
    let quotas = match iot_quotas(aws).await {
        Ok(quotas) => quotas,
        Err(error) => return unchecked(NAME, &error),
    };
    let quota = |name: &str| quotas.iter().find(|quota| quota.quota_name == name);
    let short: Vec<String> = SPENT
        .iter()
        .filter_map(|(name, each)| {
            let quota = quota(name)?;
            let needed = each * rate;
            (quota.value < needed)
                .then(|| format!("{name} ({}) is {} a second and {needed} are needed", quota.quota_code, quota.value))
        })
        .collect();
    let unknown: Vec<&str> = SPENT.iter().map(|(name, _)| *name).filter(|name| quota(name).is_none()).collect();
    if !short.is_empty() {
        return Check::warning(
            NAME,
            format!("For {rate} vehicles a second: {}.", short.join("; ")),
            "Ask for more: aws service-quotas request-service-quota-increase --service-code iotcore --quota-code <code>, or \
             provision more slowly.",
        );
    }
    if !unknown.is_empty() {
        let found = format!("Service Quotas does not tell {}.", unknown.join(", "));
        return Check::warning(NAME, found, "Look it up in the console of Service Quotas, under AWS IoT Core.");
    }
    Check::passed(NAME, format!("They are enough for {rate} vehicles a second."))
}
