//! What a deployment's state means for those who run it: facts in, a check with what to do out.

use shared::{CertificateStatus, Check};

/// Calls that somebody needs, and which of them do not work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionFacts {
    /// How many calls were tried.
    pub tried: usize,
    /// Those that AWS refuses, each with AWS's words.
    pub refused: Vec<(String, String)>,
    /// Those that could not be tried, each with why.
    pub failed: Vec<(String, String)>,
}

/// Whether somebody may do what they need to do. `who` is named by their role or user.
pub fn check_permissions(name: &str, who: &str, facts: &PermissionFacts) -> Check {
    let list = |calls: &[(String, String)]| {
        let lines: Vec<String> = calls.iter().map(|(call, said)| format!("{call} ({said})")).collect();
        lines.join("; ")
    };
    if !facts.refused.is_empty() {
        let calls: Vec<&str> = facts.refused.iter().map(|(call, _)| call.as_str()).collect();
        return Check::failed(
            name,
            format!("AWS refuses {} of {} calls: {}.", calls.len(), facts.tried, list(&facts.refused)),
            format!(
                "Give {who} back the permissions {}. The stack's template has them all: CloudFormation's drift detection shows \
                 what was changed by hand; look for a permissions boundary or a service control policy where nothing was.",
                calls.join(", ")
            ),
        );
    }
    if !facts.failed.is_empty() {
        return Check::failed(
            name,
            format!("{} of {} calls could not be tried: {}.", facts.failed.len(), facts.tried, list(&facts.failed)),
            "Mend what the words name: a table, secret or key that is gone, or a way to AWS that is closed.",
        );
    }
    Check::passed(name, format!("All {} calls that it needs are permitted.", facts.tried))
}

/// Whether AWS IoT tells of changed things, without which a registration is noticed only when the vehicle reports.
pub fn check_thing_events(on: bool) -> Check {
    const NAME: &str = "Thing events";
    if on {
        return Check::passed(NAME, "AWS IoT publishes an event for every change of a thing.");
    }
    Check::failed(
        NAME,
        "AWS IoT publishes no events of things: a registered vehicle is not recorded until it reports that it is active.",
        "Switch them on: aws iot update-event-configurations --event-configurations 'THING={Enabled=true}'",
    )
}

/// How a provisioning template is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFacts {
    /// Whether vehicles can register by it.
    pub enabled: bool,
    /// The function that it asks.
    pub hook: Option<String>,
}

/// Whether vehicles can register by the template, and whether the hook is asked. `hook` is the function's ARN, where the
/// checker knows it.
pub fn check_template(template: &str, facts: Option<&TemplateFacts>, hook: Option<&str>) -> Check {
    const NAME: &str = "Provisioning template";
    let Some(facts) = facts else {
        return Check::failed(
            NAME,
            format!("There is no provisioning template {template}: no vehicle can register."),
            "Run `deploy down` and `deploy up`: tables and what is in them remain.",
        );
    };
    let Some(asked) = &facts.hook else {
        return Check::failed(
            NAME,
            format!("The template {template} asks no hook: whoever has a claim certificate can register any VIN."),
            format!(
                "Set it: aws iot update-provisioning-template --template-name {template} --pre-provisioning-hook \
                 payloadVersion=2020-04-01,targetArn={}",
                hook.unwrap_or("<the function's ARN>")
            ),
        );
    };
    if let Some(ours) = hook.filter(|ours| ours != asked) {
        return Check::failed(
            NAME,
            format!("The template {template} asks {asked}, which is not this stack's hook."),
            format!(
                "Set it: aws iot update-provisioning-template --template-name {template} --pre-provisioning-hook \
                 payloadVersion=2020-04-01,targetArn={ours}"
            ),
        );
    }
    if !facts.enabled {
        return Check::failed(
            NAME,
            format!("The template {template} is disabled: no vehicle can register."),
            format!("Enable it: aws iot update-provisioning-template --template-name {template} --enabled"),
        );
    }
    Check::passed(NAME, format!("The template {template} is enabled and asks the hook."))
}

/// The state of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableFacts {
    /// `ACTIVE` where it can be used.
    pub status: String,
    /// Its indexes, each with its state.
    pub indexes: Vec<(String, String)>,
    /// What its stream shows, where it has one.
    pub stream: Option<String>,
}

/// Whether a table can be used, has these indexes, and a stream of new rows where one is needed.
pub fn check_table(table: &str, facts: Option<&TableFacts>, indexes: &[&str], needs_stream: bool) -> Check {
    let name = format!("Table {table}");
    let Some(facts) = facts else {
        return Check::failed(
            &name,
            format!("There is no table {table}."),
            "Restore it from its point-in-time recovery under another name, and adopt that with `deploy up --set`.",
        );
    };
    if facts.status != "ACTIVE" {
        return Check::failed(
            &name,
            format!("It is in state {}.", facts.status),
            "Wait until it is ACTIVE; where it is INACCESSIBLE_ENCRYPTION_CREDENTIALS, enable its KMS key again.",
        );
    }
    let state = |index: &str| facts.indexes.iter().find(|(name, _)| name == index).map(|(_, state)| state.as_str());
    let is_missing = |index: &&str| matches!(state(index), None | Some("CREATING" | "DELETING"));
    let missing: Vec<&str> = indexes.iter().copied().filter(is_missing).collect();
    if !missing.is_empty() {
        return Check::warning(
            &name,
            format!(
                "It lacks the index {}, or that is not ready: lists are slower, and some are not complete.",
                missing.join(", ")
            ),
            "Run `deploy backfill --add-indexes`.",
        );
    }
    let shows_new_rows = matches!(facts.stream.as_deref(), Some("NEW_IMAGE" | "NEW_AND_OLD_IMAGES"));
    if needs_stream && !shows_new_rows {
        return Check::warning(
            &name,
            "It has no stream of new rows: VINs that other tools write are found by the slower way.",
            format!(
                "Give it one, and deploy again: aws dynamodb update-table --table-name {table} --stream-specification \
                 StreamEnabled=true,StreamViewType=NEW_IMAGE"
            ),
        );
    }
    let with = if indexes.is_empty() { String::new() } else { format!(", with {}", indexes.join(" and ")) };
    Check::passed(&name, format!("It is ACTIVE{with}."))
}

/// Whether claim certificates work: every certificate that has the claim policy, with its status.
pub fn check_claims(policy: &str, claims: &[(String, Option<CertificateStatus>)]) -> Check {
    const NAME: &str = "Claim certificates";
    let active = claims.iter().filter(|(_, status)| *status == Some(CertificateStatus::Active)).count();
    if active > 0 {
        return Check::passed(NAME, format!("{active} with the policy {policy} can be used."));
    }
    Check::failed(
        NAME,
        format!("No certificate that has the policy {policy} is active: no vehicle can ask to be provisioned."),
        "Rotate the claim on its page in the console, or make another one.",
    )
}

#[cfg(test)]
mod tests {
    use shared::CheckOutcome;

    use super::*;

    const HOOK: &str = "the hook's ARN";

    fn template(enabled: bool, hook: Option<&str>) -> Check {
        let facts = TemplateFacts { enabled, hook: hook.map(str::to_owned) };
        check_template("cms--provisioning-template", Some(&facts), Some(HOOK))
    }

    #[test]
    fn a_template_is_enabled_and_asks_the_hook_or_the_check_says_how_to_mend_it() {
        assert_eq!(template(true, Some(HOOK)).outcome, CheckOutcome::Passed);
        for (check, words) in [
            (template(false, Some(HOOK)), "--enabled"),
            (template(true, Some("another")), HOOK),
            (template(true, None), "any VIN"),
            (check_template("t", None, Some(HOOK)), "There is no provisioning template t"),
        ] {
            assert_eq!(check.outcome, CheckOutcome::Failed);
            let said = format!("{} {}", check.found, check.mend.as_deref().unwrap_or_default());
            assert!(said.contains(words), "{said}");
        }
        // The console does not know the function, and still sees that one is asked.
        let facts = TemplateFacts { enabled: true, hook: Some("some ARN".to_owned()) };
        assert_eq!(check_template("t", Some(&facts), None).outcome, CheckOutcome::Passed);
    }

    #[test]
    fn a_table_without_an_index_is_a_warning_and_one_that_cannot_be_used_a_failure() {
        let facts = |status: &str, index: &str, stream: Option<&str>| TableFacts {
            status: status.to_owned(),
            indexes: vec![("by-vin".to_owned(), index.to_owned())],
            stream: stream.map(str::to_owned),
        };
        let outcome = |facts: Option<&TableFacts>| check_table("t", facts, &["by-vin"], true).outcome;
        assert_eq!(outcome(None), CheckOutcome::Failed);
        assert_eq!(outcome(Some(&facts("DELETING", "ACTIVE", None))), CheckOutcome::Failed);
        assert_eq!(outcome(Some(&facts("ACTIVE", "CREATING", Some("NEW_IMAGE")))), CheckOutcome::Warning);
        assert_eq!(outcome(Some(&facts("ACTIVE", "ACTIVE", Some("KEYS_ONLY")))), CheckOutcome::Warning);
        assert_eq!(outcome(Some(&facts("ACTIVE", "ACTIVE", Some("NEW_IMAGE")))), CheckOutcome::Passed);
    }

    #[test]
    fn a_refused_call_is_named_with_who_needs_it() {
        let facts = PermissionFacts {
            tried: 2,
            refused: vec![("dynamodb:GetItem on table t".to_owned(), "AccessDeniedException: no".to_owned())],
            failed: Vec::new(),
        };
        let check = check_permissions("Permissions of the hook", "the role r", &facts);
        assert_eq!(check.outcome, CheckOutcome::Failed);
        assert!(check.found.contains("dynamodb:GetItem on table t"), "{check:?}");
        assert!(check.mend.is_some_and(|mend| mend.contains("the role r") && mend.contains("dynamodb:GetItem")));
        let fine = PermissionFacts { tried: 2, ..PermissionFacts::default() };
        assert_eq!(check_permissions("n", "w", &fine).outcome, CheckOutcome::Passed);
    }

    #[test]
    fn one_claim_that_works_is_enough() {
        let claim = |status| ("arn".to_owned(), status);
        let (active, inactive) = (claim(Some(CertificateStatus::Active)), claim(Some(CertificateStatus::Inactive)));
        assert_eq!(check_claims("p", &[active, inactive.clone()]).outcome, CheckOutcome::Passed);
        assert_eq!(check_claims("p", &[inactive, claim(None)]).outcome, CheckOutcome::Failed);
        assert_eq!(check_thing_events(false).outcome, CheckOutcome::Failed);
    }
}
