//! The topic rules: whether they are switched on, listen to the right topics and call the right functions.

use aws::iot::{TopicRule, get_topic_rule};
use aws::lambda::stream_mapping_state;
use aws::{Aws, Transport};
use shared::Check;

use super::{Deployed, unchecked};
use crate::STACK_TEMPLATE;

const RULES: [(&str, &str); 3] = [
    ("ThingRegisteredRule", "ThingRegistered"),
    ("VehicleConnectedRule", "VehicleConnected"),
    ("CertificateRegisteredRule", "CertificateRegistered"),
];

pub(super) async fn check_topic_rules<T: Transport>(aws: &Aws<T>, deployed: &Deployed) -> Vec<Check> {
    let mut checks = Vec::new();
    for (rule, function) in RULES {
        let check = format!("Topic rule {rule}");
        let (Some(name), Some(function)) = (deployed.resource(rule), deployed.resource(function)) else {
            checks.push(Check::failed(check, "The stack has no such rule.", "Run `deploy up`."));
            continue;
        };
        let function = deployed.arn("lambda", &format!("function:{function}"));
        checks.push(match get_topic_rule(aws, name).await {
            Ok(found) => check_rule(check, name, &found, &statement_of(rule), &function),
            // AWS IoT says the same of a rule that is gone as of one that may not be seen.
            Err(error) if error.code() == Some("UnauthorizedException") => Check::failed(
                check,
                format!("The rule {name} is gone, or these credentials may not see it ({error})."),
                "Allow iot:GetTopicRule to these credentials; where it is gone, run `deploy down` and `deploy up`: tables remain.",
            ),
            Err(error) => unchecked(check, &error),
        });
    }
    if let Some(id) = deployed.resource("IndexAuthorizedVehicleStream") {
        const NAME: &str = "Stream of authorized vehicles";
        let mend = format!("Switch it on: aws lambda update-event-source-mapping --uuid {id} --enabled");
        checks.push(match stream_mapping_state(aws, id).await {
            Ok(Some(state)) if matches!(state.as_str(), "Enabled" | "Enabling" | "Creating" | "Updating") => {
                Check::passed(NAME, "It reaches the function that indexes rows of other tools.")
            }
            Ok(state) => {
                let state = state.unwrap_or_else(|| "gone".to_owned());
                Check::failed(NAME, format!("It is {state}: VINs that other tools write are not listed."), mend)
            }
            Err(error) => unchecked(NAME, &error),
        });
    }
    checks
}

fn check_rule(check: String, name: &str, rule: &TopicRule, statement: &str, function: &str) -> Check {
    if rule.disabled {
        return Check::failed(
            check,
            format!("The rule {name} is disabled: what it listens to goes unnoticed."),
            format!("Enable it: aws iot enable-topic-rule --rule-name {name}"),
        );
    }
    let replace = format!(
        "Set it as the stack's template has it: aws iot replace-topic-rule --rule-name {name}, with the statement \
         {statement} and the function {function}."
    );
    if rule.sql != statement {
        return Check::failed(check, format!("The rule {name} has another statement: {}.", rule.sql), replace);
    }
    if !rule.functions.iter().any(|called| called == function) {
        return Check::failed(check, format!("The rule {name} does not call {function}."), replace);
    }
    Check::passed(check, format!("The rule {name} is enabled and calls its function."))
}

/// The statement that the template gives to a rule.
fn statement_of(rule: &str) -> String {
    let after = STACK_TEMPLATE.split_once(&format!("\n  {rule}:\n")).map_or("", |(_, after)| after);
    let line = after.lines().find_map(|line| line.trim().strip_prefix("Sql: "));
    line.unwrap_or_default().trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use shared::CheckOutcome;

    use super::*;

    #[test]
    fn a_rule_that_is_off_or_was_changed_is_told_from_one_that_works() {
        let statement = statement_of("ThingRegisteredRule");
        assert_eq!(statement, "SELECT * FROM '$aws/events/thing/+/+'");
        let fine = TopicRule { sql: statement.clone(), disabled: false, functions: vec!["ours".to_owned()] };
        let outcome = |rule: &TopicRule| check_rule(String::new(), "rule", rule, &statement, "ours").outcome;
        assert_eq!(outcome(&fine), CheckOutcome::Passed);
        assert_eq!(outcome(&TopicRule { disabled: true, ..fine.clone() }), CheckOutcome::Failed);
        assert_eq!(outcome(&TopicRule { sql: "SELECT 1".to_owned(), ..fine.clone() }), CheckOutcome::Failed);
        assert_eq!(outcome(&TopicRule { functions: Vec::new(), ..fine }), CheckOutcome::Failed);
    }
}
