use serde::Deserialize;

use super::{Ask, encoded, read};
use crate::{Aws, AwsError, Transport};

/// What a provisioning template is set to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TemplateSettings {
    /// Whether vehicles can register by it.
    #[serde(default)]
    pub enabled: bool,
    /// The role in which AWS IoT registers them.
    #[serde(default)]
    pub provisioning_role_arn: String,
    /// What is asked before.
    pub pre_provisioning_hook: Option<Hook>,
}

/// The function that a template asks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hook {
    /// Its ARN.
    pub target_arn: String,
}

/// DescribeProvisioningTemplate: how the template is set; `None` where there is no such template.
pub async fn template_settings<T: Transport>(aws: &Aws<T>, name: &str) -> Result<Option<TemplateSettings>, AwsError> {
    let ask = Ask {
        operation: "DescribeProvisioningTemplate",
        method: http::Method::GET,
        path: format!("/provisioning-templates/{}", encoded(name)),
        principal: None,
        body: None,
    };
    match read(aws, ask).await {
        Ok(settings) => Ok(Some(settings)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
