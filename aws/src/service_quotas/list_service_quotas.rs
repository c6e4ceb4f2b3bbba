use serde::Deserialize;

use crate::json::{self, Target};
use crate::{Aws, AwsError, Service, Transport};

/// A quota of this account and region.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Quota {
    /// AWS's code, such as `L-B2BBBD8C`.
    pub quota_code: String,
    /// AWS's words.
    pub quota_name: String,
    /// How much the account has.
    pub value: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    quotas: Vec<Quota>,
    next_token: Option<String>,
}

/// ListServiceQuotas of AWS IoT Core.
pub async fn iot_quotas<T: Transport>(aws: &Aws<T>) -> Result<Vec<Quota>, AwsError> {
    let target = Target { service: Service::ServiceQuotas, prefix: "ServiceQuotasV20190624", version: "1.1" };
    let mut quotas = Vec::new();
    let mut request = serde_json::json!({ "ServiceCode": "iotcore" });
    loop {
        let answer: Answer = json::call(aws, target, "ListServiceQuotas", &request).await?;
        quotas.extend(answer.quotas);
        match answer.next_token {
            Some(next) => request["NextToken"] = next.into(),
            None => return Ok(quotas),
        }
    }
}
