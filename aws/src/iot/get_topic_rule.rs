use serde::Deserialize;

use super::{Ask, encoded, read};
use crate::{Aws, AwsError, Transport};

/// A topic rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicRule {
    /// Its statement.
    pub sql: String,
    /// Whether it is switched off.
    pub disabled: bool,
    /// The ARNs of the functions it calls.
    pub functions: Vec<String>,
}

#[derive(Deserialize)]
struct Answer {
    rule: Rule,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    #[serde(default)]
    sql: String,
    #[serde(default)]
    rule_disabled: bool,
    #[serde(default)]
    actions: Vec<Action>,
}

#[derive(Deserialize)]
struct Action {
    lambda: Option<LambdaAction>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LambdaAction {
    function_arn: String,
}

/// GetTopicRule. AWS IoT answers `UnauthorizedException` for a rule that does not exist, too.
pub async fn get_topic_rule<T: Transport>(aws: &Aws<T>, name: &str) -> Result<TopicRule, AwsError> {
    let ask = Ask {
        operation: "GetTopicRule",
        method: http::Method::GET,
        path: format!("/rules/{}", encoded(name)),
        principal: None,
        body: None,
    };
    let Answer { rule } = read(aws, ask).await?;
    let functions = rule.actions.into_iter().filter_map(|action| Some(action.lambda?.function_arn)).collect();
    Ok(TopicRule { sql: rule.sql, disabled: rule.rule_disabled, functions })
}
