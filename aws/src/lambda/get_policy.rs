use serde::Deserialize;
use serde_json::Value;

use super::read;
use crate::{Aws, AwsError, AwsErrorCause, Service, Transport};

/// Who may call a function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyStatement {
    /// Whether it allows, rather than denies.
    pub allows: bool,
    /// The service that may call, such as `iot.amazonaws.com`; `*` for anybody.
    pub principal: String,
    /// The action, such as `lambda:InvokeFunction`.
    pub action: String,
    /// In the name of which ARN it may call; `None` for any.
    pub source_arn: Option<String>,
    /// In the name of which account it may call; `None` for any.
    pub source_account: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    policy: String,
}

/// GetPolicy: the function's resource policy, statement by statement; none where it has no policy or there is no function.
pub async fn get_policy<T: Transport>(aws: &Aws<T>, function: &str) -> Result<Vec<PolicyStatement>, AwsError> {
    const OPERATION: &str = "GetPolicy";
    let Some(Answer { policy }) = read(aws, OPERATION, format!("functions/{function}/policy")).await? else {
        return Ok(Vec::new());
    };
    let policy: Value = serde_json::from_str(&policy).map_err(|error| AwsError {
        service: Service::Lambda,
        operation: OPERATION,
        cause: AwsErrorCause::Unreadable(error.to_string()),
    })?;
    Ok(policy["Statement"].as_array().into_iter().flatten().map(statement).collect())
}

fn statement(statement: &Value) -> PolicyStatement {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let principal = &statement["Principal"];
    PolicyStatement {
        allows: statement["Effect"] == "Allow",
        principal: text(&principal["Service"]).or_else(|| text(principal)).unwrap_or_default(),
        action: text(&statement["Action"]).unwrap_or_default(),
        source_arn: condition(statement, "aws:sourcearn"),
        source_account: condition(statement, "aws:sourceaccount"),
    }
}

/// A condition's key is written in any case, and under one of several operators.
fn condition(statement: &Value, wanted: &str) -> Option<String> {
    let operators = statement["Condition"].as_object()?;
    let mut conditions = operators.values().filter_map(Value::as_object).flatten();
    let (_, value) = conditions.find(|(key, _)| key.eq_ignore_ascii_case(wanted))?;
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_tells_who_may_call_in_whose_name() {
        let read = statement(&serde_json::json!({
            "Effect": "Allow",
            "Principal": { "Service": "iot.amazonaws.com" },
            "Action": "lambda:InvokeFunction",
            "Condition": {
                "StringEquals": { "AWS:SourceAccount": "123456789012" },
                "ArnLike": { "AWS:SourceArn": "an ARN" },
            },
        }));
        assert!(read.allows);
        assert_eq!((read.principal.as_str(), read.action.as_str()), ("iot.amazonaws.com", "lambda:InvokeFunction"));
        assert_eq!(read.source_arn.as_deref(), Some("an ARN"));
        assert_eq!(read.source_account.as_deref(), Some("123456789012"));
        assert_eq!(statement(&serde_json::json!({ "Principal": "*" })).principal, "*");
    }
}
