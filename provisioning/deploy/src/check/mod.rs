//! Whether a deployed stack can do its work: its settings and its real permissions, and what to mend.
//!
//! Functions try their own calls in their own roles; nothing is changed.

mod claims;
mod console;
mod functions;
mod quotas;
mod role;
mod stores;
mod topic_rules;

use std::collections::BTreeMap;

use aws::tables::TableNames;
use aws::{Aws, AwsError, AwsErrorCause, ProbeOutcome, Probed, Transport};
use provisioning_rules::{PermissionFacts, TemplateFacts, check_template, check_thing_events};
use shared::{Check, SelfCheck};

use crate::cloudformation::{self, Stack};
use crate::{DeployError, StackOutputs, Target};

/// A stack as its checks see it.
struct Deployed {
    outputs: StackOutputs,
    /// Physical ids by the names in the template.
    resources: BTreeMap<String, String>,
    partition: String,
    region: String,
    account: String,
}

impl Deployed {
    /// The name in AWS of a resource of the template.
    fn resource(&self, logical_id: &str) -> Option<&str> {
        self.resources.get(logical_id).map(String::as_str)
    }

    /// An ARN in this account and region.
    fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:{}:{service}:{}:{}:{resource}", self.partition, self.region, self.account)
    }

    /// An ARN of IAM, which knows no regions.
    fn iam_arn(&self, resource: &str) -> String {
        format!("arn:{}:iam::{}:{resource}", self.partition, self.account)
    }

    fn tables(&self) -> TableNames {
        TableNames {
            authorized_vehicles: self.outputs.authorized_vehicles_table.clone(),
            provisioned_vehicles: self.outputs.provisioned_vehicles_table.clone(),
            provisioning_attempts: self.outputs.provisioning_attempts_table.clone(),
            operator_actions: self.outputs.operator_actions_table.clone(),
            claim_certificates: self.outputs.claim_certificates_table.clone(),
        }
    }
}

/// Makes every check. `rate` is how many vehicles a second are to be provisioned at most, for the quotas.
///
/// Errors: no such stack, or no way to AWS. What cannot be checked for want of a permission is a warning.
pub async fn self_check<T: Transport>(aws: &Aws<T>, target: &Target, rate: f64) -> Result<SelfCheck, DeployError> {
    let name = target.stack_name();
    let Some(stack) = cloudformation::describe(aws, &name).await? else {
        return Err(DeployError::NoStack(target.absent(aws).await));
    };
    let mut checks = vec![check_state(&name, &stack)];
    let outputs = match StackOutputs::of(&stack, &name) {
        Ok(outputs) => outputs,
        Err(error) => {
            checks.push(Check::failed(
                "Outputs of the stack",
                format!("{error}."),
                "Run `deploy up` with this version.",
            ));
            return Ok(SelfCheck { at: aws.now(), checks });
        }
    };
    let resources = cloudformation::resources(aws, &stack.id).await?;
    // `arn:<partition>:cloudformation:<region>:<account>:stack/<name>/<id>`
    let mut parts = stack.id.split(':').skip(1).map(str::to_owned);
    let (partition, _, region, account) = (parts.next(), parts.next(), parts.next(), parts.next());
    let deployed = Deployed {
        outputs,
        resources: resources.into_iter().map(|resource| (resource.logical_id, resource.physical_id)).collect(),
        partition: partition.unwrap_or_default(),
        region: region.unwrap_or_default(),
        account: account.unwrap_or_default(),
    };
    checks.push(check_provisioning_template(aws, &deployed).await);
    checks.push(role::check_provisioning_role(aws, &deployed).await);
    let (of_functions, claim) = functions::check_functions(aws, &deployed).await;
    checks.extend(of_functions);
    checks.push(match aws::iot::thing_events_are_on(aws).await {
        Ok(on) => check_thing_events(on),
        Err(error) => unchecked("Thing events", &error),
    });
    checks.extend(topic_rules::check_topic_rules(aws, &deployed).await);
    checks.extend(claims::check_claims(aws, &deployed, claim).await);
    checks.extend(stores::check_stores(aws, &deployed).await);
    checks.push(console::check_console(aws, &deployed).await);
    checks.push(quotas::check_quotas(aws, rate).await);
    Ok(SelfCheck { at: aws.now(), checks })
}

fn check_state(name: &str, stack: &Stack) -> Check {
    const NAME: &str = "Stack";
    let found = format!("{name} is in state {}.", stack.status);
    match stack.status.as_str() {
        "CREATE_COMPLETE" | "UPDATE_COMPLETE" => Check::passed(NAME, found),
        // What was there before the update is there again.
        "UPDATE_ROLLBACK_COMPLETE" => {
            Check::warning(NAME, found, "Its last update was taken back: mend what failed and run `deploy up` again.")
        }
        _ if stack.is_busy() => Check::warning(NAME, found, "Wait until it is done and check again."),
        status if status.starts_with("DELETE") => Check::failed(NAME, found, "Run `deploy down`, then `deploy up`."),
        _ => Check::failed(NAME, found, "Run `deploy up`: it goes on where it stopped."),
    }
}

async fn check_provisioning_template<T: Transport>(aws: &Aws<T>, deployed: &Deployed) -> Check {
    let template = &deployed.outputs.template_name;
    let hook = deployed.resource("PreProvisioningHook").map(|name| deployed.arn("lambda", &format!("function:{name}")));
    match aws::iot::template_settings(aws, template).await {
        Ok(settings) => {
            let facts = settings.map(|settings| TemplateFacts {
                enabled: settings.enabled,
                hook: settings.pre_provisioning_hook.map(|hook| hook.target_arn),
            });
            check_template(template, facts.as_ref(), hook.as_deref())
        }
        Err(error) => unchecked("Provisioning template", &error),
    }
}

/// A check that these credentials or the network do not let us make.
fn unchecked(name: impl Into<String>, error: &AwsError) -> Check {
    let mend = match &error.cause {
        AwsErrorCause::Answer { status: 401 | 403, .. } => "Check again with credentials that may make this call.",
        _ => "Check again; where it stays so, see to the way to this service.",
    };
    Check::warning(name, format!("This could not be checked: {error}."), mend)
}

/// What was tried, as the rules want to know it.
fn permission_facts(probed: Vec<Probed>) -> PermissionFacts {
    let mut facts = PermissionFacts { tried: probed.len(), ..PermissionFacts::default() };
    for Probed { call, outcome } in probed {
        match outcome {
            ProbeOutcome::Permitted => {}
            ProbeOutcome::Refused(said) => facts.refused.push((call, said)),
            ProbeOutcome::Failed(said) => facts.failed.push((call, said)),
        }
    }
    facts
}

/// The checks as lines for people.
pub fn describe_checks(checked: &SelfCheck) -> String {
    let mut text = String::new();
    for check in &checked.checks {
        text.push_str(&format!("{:8} {}: {}\n", check.outcome.as_str(), check.name, check.found));
        if let Some(mend) = &check.mend {
            text.push_str(&format!("         -> {mend}\n"));
        }
    }
    let count = |outcome| checked.checks.iter().filter(|check| check.outcome == outcome).count();
    let [passed, warnings, failed] =
        [shared::CheckOutcome::Passed, shared::CheckOutcome::Warning, shared::CheckOutcome::Failed].map(count);
    text.push_str(&format!("{passed} passed, {warnings} warnings, {failed} failed\n"));
    text
}
