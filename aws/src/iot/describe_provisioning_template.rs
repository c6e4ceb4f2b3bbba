use serde::Deserialize;

use super::{Ask, encoded, read};
use crate::{Aws, AwsError, Transport};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    template_body: String,
}

/// DescribeProvisioningTemplate: the body of the template's default version, a JSON text.
pub async fn describe_provisioning_template<T: Transport>(aws: &Aws<T>, name: &str) -> Result<String, AwsError> {
    let ask = Ask {
        operation: "DescribeProvisioningTemplate",
        method: http::Method::GET,
        path: format!("/provisioning-templates/{}", encoded(name)),
        principal: None,
        body: None,
    };
    let answer: Answer = read(aws, ask).await?;
    Ok(answer.template_body)
}
