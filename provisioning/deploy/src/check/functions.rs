//! The functions: whether they can be called, by whom, and what they may do.

use aws::lambda::{FunctionSettings, PolicyStatement, function_settings, get_policy, invoke};
use aws::{Aws, Probed, Transport};
use provisioning_rules::check_permissions;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::Check;

use super::{Deployed, permission_facts, unchecked};
use crate::FUNCTIONS;

/// AWS IoT Core waits so many seconds for the hook.
const HOOK_SECONDS: u32 = 5;

/// What a function answers to the request to check itself.
#[derive(Deserialize)]
struct Answer {
    probed: Vec<Probed>,
    claim: Value,
}

/// Every function's checks, and what the function that makes claims tells of the claim secret.
pub(super) async fn check_functions<T: Transport>(aws: &Aws<T>, deployed: &Deployed) -> (Vec<Check>, Value) {
    let mut checks = Vec::new();
    let mut claim = Value::Null;
    for function in FUNCTIONS {
        let check_name = format!("Function {}", function.name);
        let Some(name) = deployed.resource(&logical_id(function.name)) else {
            checks.push(Check::failed(check_name, "The stack has no such function.", "Run `deploy up`."));
            continue;
        };
        let settings = match function_settings(aws, name).await {
            Ok(Some(settings)) => settings,
            Ok(None) => {
                let found = format!("There is no function {name}, though the stack made it.");
                checks.push(Check::failed(check_name, found, "Run `deploy down` and `deploy up`: tables remain."));
                continue;
            }
            Err(error) => {
                checks.push(unchecked(check_name, &error));
                continue;
            }
        };
        checks.push(check_settings(check_name, name, function.name, &settings));
        if let Some(caller) = caller_of(function.name, deployed) {
            checks.push(match get_policy(aws, name).await {
                Ok(policy) => check_caller(name, &caller, &deployed.account, &policy),
                Err(error) => unchecked(format!("Who may call {name}"), &error),
            });
        }
        let (check, told) = ask(aws, name, &settings).await;
        checks.push(check);
        if function.name == "claims" {
            claim = told;
        }
    }
    (checks, claim)
}

/// `pre-provisioning-hook` is `PreProvisioningHook` in the template.
fn logical_id(name: &str) -> String {
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    name.split('-').filter(|word| !word.is_empty()).map(capital).collect()
}

fn check_settings(check: String, name: &str, function: &str, settings: &FunctionSettings) -> Check {
    let state = settings.state.as_deref().unwrap_or("Active");
    if state != "Active" {
        let why = settings.state_reason.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
        let mend = "Wait a little where it is Pending or Inactive; otherwise run `deploy up`.";
        return Check::failed(check, format!("It is in state {state}{why}."), mend);
    }
    if settings.last_update_status.as_deref() == Some("Failed") {
        return Check::failed(check, "Its last change failed: it works as it was before.", "Run `deploy up` again.");
    }
    let seconds = settings.timeout;
    if function == "pre-provisioning-hook" && seconds != HOOK_SECONDS {
        return Check::warning(
            check,
            format!("Lambda ends it after {seconds} s, and AWS IoT waits {HOOK_SECONDS} s for it."),
            format!("Set it: aws lambda update-function-configuration --function-name {name} --timeout {HOOK_SECONDS}"),
        );
    }
    Check::passed(check, format!("It is Active, and may take {seconds} s."))
}

/// Which service calls a function, and in the name of which ARN.
struct Caller {
    service: &'static str,
    source_arn: Option<String>,
}

fn caller_of(function: &str, deployed: &Deployed) -> Option<Caller> {
    let iot =
        |resource: String| Caller { service: "iot.amazonaws.com", source_arn: Some(deployed.arn("iot", &resource)) };
    let rule = |logical_id: &str| deployed.resource(logical_id).map(|rule| iot(format!("rule/{rule}")));
    match function {
        "pre-provisioning-hook" => Some(iot(format!("provisioningtemplate/{}", deployed.outputs.template_name))),
        "thing-registered" => rule("ThingRegisteredRule"),
        "vehicle-connected" => rule("VehicleConnectedRule"),
        "certificate-registered" => rule("CertificateRegisteredRule"),
        "rotate-claim" => Some(Caller { service: "secretsmanager.amazonaws.com", source_arn: None }),
        "housekeeping" => {
            let rule = deployed.resource("HousekeepingRule")?;
            let source_arn = Some(deployed.arn("events", &format!("rule/{rule}")));
            Some(Caller { service: "events.amazonaws.com", source_arn })
        }
        _ => None,
    }
}

fn check_caller(name: &str, caller: &Caller, account: &str, policy: &[PolicyStatement]) -> Check {
    let check = format!("Who may call {name}");
    let Caller { service, source_arn } = caller;
    let of_service = || policy.iter().filter(|statement| statement.allows && statement.principal == *service);
    let lets_in = |statement: &PolicyStatement| {
        matches!(statement.action.as_str(), "lambda:InvokeFunction" | "lambda:*")
            && statement.source_account.as_deref().is_none_or(|of| of == account)
            && match (statement.source_arn.as_deref(), source_arn.as_deref()) {
                (Some(pattern), Some(arn)) => matches_pattern(pattern, arn),
                (Some(_), None) => false,
                (None, _) => true,
            }
    };
    if !of_service().any(lets_in) {
        let arn = source_arn.as_deref().map(|arn| format!(" --source-arn {arn}")).unwrap_or_default();
        // EventBridge gives no account.
        let of =
            if *service == "events.amazonaws.com" { String::new() } else { format!(" --source-account {account}") };
        return Check::failed(
            check,
            format!(
                "{service} may not call it{}.",
                source_arn.as_deref().map(|arn| format!(" for {arn}")).unwrap_or_default()
            ),
            format!(
                "Permit it: aws lambda add-permission --function-name {name} --statement-id mended \
                 --action lambda:InvokeFunction --principal {service}{of}{arn}"
            ),
        );
    }
    if of_service().any(|statement| statement.source_account.is_none() && statement.source_arn.is_none()) {
        return Check::warning(
            check,
            format!("{service} may call it in the name of any account."),
            format!("Remove the statement without a source: aws lambda get-policy --function-name {name}"),
        );
    }
    Check::passed(check, format!("{service} may call it, for this deployment alone."))
}

/// ARNs in conditions may have stars.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut last = None;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
        last = Some(part);
    }
    last.is_some_and(str::is_empty) || rest.is_empty()
}

/// Has a function try what it needs.
async fn ask<T: Transport>(aws: &Aws<T>, name: &str, settings: &FunctionSettings) -> (Check, Value) {
    let check = format!("Permissions of {name}");
    let answer = match invoke(aws, name, &json!({ "selfCheck": true })).await {
        Ok(answer) => answer,
        Err(error) if error.code() == Some("FunctionError") => {
            let mend = format!(
                "Look into its log group /aws/lambda/{name}, and run `deploy up` where its settings are wrong."
            );
            return (Check::failed(check, format!("The function fails: {error}."), mend), Value::Null);
        }
        Err(error) => return (unchecked(check, &error), Value::Null),
    };
    let Ok(Answer { probed, claim }) = serde_json::from_value(answer) else {
        let found = "The function does not know how to check itself: it is of another version.";
        return (Check::failed(check, found, "Run `deploy up` with this version."), Value::Null);
    };
    let role = settings.role.rsplit('/').next().unwrap_or_default();
    (check_permissions(&check, &format!("the role {role}"), &permission_facts(probed)), claim)
}

#[cfg(test)]
mod tests {
    use shared::CheckOutcome;

    use super::*;

    const ARN: &str = "arn:aws:iot:eu-west-1:123456789012:rule/thing_registered";

    fn outcome(statements: &[PolicyStatement]) -> CheckOutcome {
        let caller = Caller { service: "iot.amazonaws.com", source_arn: Some(ARN.to_owned()) };
        check_caller("cms-thing-registered", &caller, "123456789012", statements).outcome
    }

    fn statement(source_arn: Option<&str>, account: Option<&str>) -> PolicyStatement {
        PolicyStatement {
            allows: true,
            principal: "iot.amazonaws.com".to_owned(),
            action: "lambda:InvokeFunction".to_owned(),
            source_arn: source_arn.map(str::to_owned),
            source_account: account.map(str::to_owned),
        }
    }

    #[test]
    fn a_function_is_called_by_its_rule_and_by_nobody_elses() {
        assert_eq!(outcome(&[statement(Some(ARN), Some("123456789012"))]), CheckOutcome::Passed);
        assert_eq!(outcome(&[]), CheckOutcome::Failed);
        assert_eq!(
            outcome(&[statement(Some("arn:aws:iot:eu-west-1:123456789012:rule/b"), None)]),
            CheckOutcome::Failed
        );
        assert_eq!(outcome(&[statement(Some(ARN), Some("999999999999"))]), CheckOutcome::Failed);
        assert_eq!(outcome(&[statement(None, None)]), CheckOutcome::Warning);
        let denied = PolicyStatement { allows: false, ..statement(Some(ARN), None) };
        assert_eq!(outcome(&[denied]), CheckOutcome::Failed);
    }

    #[test]
    fn stars_in_an_arn_stand_for_any_text() {
        assert!(matches_pattern("arn:*:rule/*", ARN) && matches_pattern(ARN, ARN) && matches_pattern("*", ARN));
        assert!(!matches_pattern("arn:*:rule/other", ARN) && !matches_pattern("arn:aws:iot", ARN));
    }

    #[test]
    fn every_function_has_its_name_in_the_template() {
        for function in FUNCTIONS {
            let heading = format!("\n  {}:\n    Type: AWS::Lambda::Function", logical_id(function.name));
            assert!(crate::STACK_TEMPLATE.contains(&heading), "{}", function.name);
        }
    }
}
