use serde::Deserialize;

use super::read;
use crate::{Aws, AwsError, Transport};

/// How a function is set up.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FunctionSettings {
    /// Its ARN.
    pub function_arn: String,
    /// `Active` where it can be called.
    pub state: Option<String>,
    /// Why it is in that state.
    pub state_reason: Option<String>,
    /// What came of its last change: `Successful`, `InProgress` or `Failed`.
    pub last_update_status: Option<String>,
    /// After how many seconds it is given up.
    #[serde(default)]
    pub timeout: u32,
    /// The role it works in.
    #[serde(default)]
    pub role: String,
}

/// GetFunctionConfiguration; `None` where there is no such function.
pub async fn function_settings<T: Transport>(
    aws: &Aws<T>,
    function: &str,
) -> Result<Option<FunctionSettings>, AwsError> {
    read(aws, "GetFunctionConfiguration", format!("functions/{function}/configuration")).await
}
