//! Makes the stack, or brings it up to date.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use aws::{Aws, Transport};

use crate::cloudformation::{self, Event, Parameter, Stack};
use crate::{DeployError, Progress, StackOutputs, Target, adopt_tables, backfill, iot_policy, upload};

/// How often CloudFormation is asked what is new.
const LOOK: Duration = Duration::from_secs(1);

/// What to deploy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpOptions {
    /// Which stack.
    pub target: Target,
    /// The folder that holds the functions' zips.
    pub zips: PathBuf,
    /// Parameters of the stack's template, by their names. A parameter that is not here keeps the value it has, or gets the
    /// template's default in a new stack.
    pub parameters: BTreeMap<String, String>,
}

/// Uploads the functions, makes or updates the stack, waits until that is done and gives the stack's outputs. A stack that
/// is up to date is left alone. An update keeps the tables and the claim certificate.
///
/// Errors: the first resource that CloudFormation could not make or change, and what to do about it. CloudFormation takes
/// back what it did; running this again starts from there.
pub async fn up<T: Transport>(
    aws: &Aws<T>,
    options: &UpOptions,
    tell: &mut impl FnMut(Progress),
) -> Result<StackOutputs, DeployError> {
    let name = options.target.stack_name();
    let uploaded = upload(aws, &options.target, &options.zips, tell).await?;
    let existing = ready(aws, &name, tell).await?;

    let mut parameters: BTreeMap<String, Parameter> = BTreeMap::new();
    let mut tables = options.parameters.clone();
    if let Some(stack) = &existing {
        parameters.extend(stack.parameters.keys().map(|key| (key.clone(), Parameter::Previous)));
        // Tables that were adopted before may have got a stream or another key since.
        for (key, value) in stack.parameters.iter().filter(|(key, _)| adopt_tables::is_table_name(key)) {
            tables.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    let adopted = adopt_tables::adopted(aws, &tables).await?;
    let mut set = |key: &str, value: &str| parameters.insert(key.to_owned(), Parameter::Value(value.to_owned()));
    set("AppUniqueId", &options.target.app_unique_id);
    for (key, value) in uploaded.parameters.iter().chain(&adopted).chain(&options.parameters) {
        set(key, value);
    }
    // A parameter that the template has no more cannot be given a value, not even its old one.
    parameters
        .retain(|key, value| *value != Parameter::Previous || uploaded.template.contains(&format!("\n  {key}:\n")));

    match existing {
        None => {
            // Twice the same names in one account are fine, and mostly a slip of the region.
            let elsewhere = options.target.absent(aws).await.elsewhere;
            if !elsewhere.is_empty() {
                tell(Progress::AlsoIn(elsewhere));
            }
            let policy = options.target.vehicle_policy_name();
            if !parameters.contains_key("AdoptedVehiclePolicyName") && iot_policy::exists(aws, &policy).await? {
                tell(Progress::AdoptedVehiclePolicy(policy.clone()));
                parameters.insert("AdoptedVehiclePolicyName".to_owned(), Parameter::Value(policy));
            }
            tell(Progress::Began("making", name.clone()));
            cloudformation::create(aws, &name, &uploaded.template_url, &parameters).await?;
            follow(aws, &name, BTreeSet::new(), tell).await?;
        }
        Some(stack) => {
            let known = cloudformation::event_ids(aws, &stack.id).await?;
            if !cloudformation::update(aws, &name, &uploaded.template_url, &parameters).await? {
                tell(Progress::NothingToDo(name.clone()));
                return told(aws, &stack, &name, tell).await;
            }
            tell(Progress::Began("updating", name.clone()));
            follow(aws, &stack.id, known, tell).await?;
        }
    }
    let Some(stack) = cloudformation::describe(aws, &name).await? else {
        return Err(DeployError::NoStack(options.target.absent(aws).await));
    };
    told(aws, &stack, &name, tell).await
}

/// What the stack tells, and what is still to be done to tables that it did not make.
async fn told<T: Transport>(
    aws: &Aws<T>,
    stack: &Stack,
    name: &str,
    tell: &mut impl FnMut(Progress),
) -> Result<StackOutputs, DeployError> {
    let outputs = StackOutputs::of(stack, name)?;
    let has_adopted = stack.parameters.iter().any(|(key, value)| adopt_tables::is_table_name(key) && !value.is_empty());
    // The deployment is done: that nobody may look into the tables does not undo it.
    if has_adopted && let Ok(Some(why)) = backfill::advisable(aws, &outputs).await {
        tell(Progress::BackfillAdvisable(why));
    }
    Ok(outputs)
}

/// Waits for an operation that is under way, and clears away a stack that never came to be. The stack to update, if any.
async fn ready<T: Transport>(
    aws: &Aws<T>,
    name: &str,
    tell: &mut impl FnMut(Progress),
) -> Result<Option<Stack>, DeployError> {
    let (mut told, mut continued) = (false, false);
    loop {
        let Some(stack) = cloudformation::describe(aws, name).await? else { return Ok(None) };
        let refused =
            |advice| Err(DeployError::StackState { stack: name.to_owned(), status: stack.status.clone(), advice });
        match stack.status.as_str() {
            "REVIEW_IN_PROGRESS" => {
                return refused("it is a change set and no more; execute or delete that in CloudFormation");
            }
            _ if stack.is_busy() => {
                if !told {
                    tell(Progress::Waiting { status: stack.status });
                    told = true;
                }
                aws.transport.pause(LOOK).await;
            }
            "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "CREATE_FAILED" => {
                tell(Progress::ClearingFailedStack(name.to_owned()));
                let known = cloudformation::event_ids(aws, &stack.id).await?;
                cloudformation::delete(aws, name).await?;
                follow(aws, &stack.id, known, tell).await?;
                return Ok(None);
            }
            "DELETE_FAILED" => return refused("its deletion did not finish; run `deploy down` before `deploy up`"),
            // An update that failed and could not be taken back whole: that comes first.
            "UPDATE_ROLLBACK_FAILED" if !continued => {
                tell(Progress::ContinuingRollback(name.to_owned()));
                let known = cloudformation::event_ids(aws, &stack.id).await?;
                cloudformation::continue_rollback(aws, name).await?;
                follow(aws, &stack.id, known, tell).await?;
                continued = true;
            }
            "UPDATE_ROLLBACK_FAILED" => {
                return refused(
                    "its last update cannot be taken back; mend what its events name and run `deploy up` again",
                );
            }
            _ => return Ok(Some(stack)),
        }
    }
}

/// Tells what happens to the stack until nothing more does.
///
/// `stack` is its name or ARN (a deleted stack has only its ARN), `known` the ids of events that were there before.
pub(crate) async fn follow<T: Transport>(
    aws: &Aws<T>,
    stack: &str,
    mut known: BTreeSet<String>,
    tell: &mut impl FnMut(Progress),
) -> Result<(), DeployError> {
    let mut cause: Option<Event> = None;
    loop {
        // The state first: all that led to it is among the events read after.
        let state = cloudformation::describe(aws, stack).await?;
        let events = match cloudformation::new_events(aws, stack, &known).await {
            Ok(events) => events,
            // A name, unlike an ARN, means nothing once the stack is gone.
            Err(error) if state.is_none() && error.code() == Some("ValidationError") => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        for event in events {
            known.insert(event.id.clone());
            tell(Progress::Resource {
                resource: event.resource.clone(),
                status: event.status.clone(),
                reason: event.reason.clone(),
            });
            if cause.is_none() && event.is_cause_of_failure() {
                cause = Some(event);
            }
        }
        match state {
            None => return Ok(()),
            Some(stack) if stack.is_busy() => aws.transport.pause(LOOK).await,
            Some(state) if matches!(state.status.as_str(), "CREATE_COMPLETE" | "UPDATE_COMPLETE") => return Ok(()),
            // What a rollback that was begun by itself is for; in the wake of an update there is a cause.
            Some(state) if state.status == "UPDATE_ROLLBACK_COMPLETE" && cause.is_none() => return Ok(()),
            Some(state) => return Err(failed(stack, &state, cause)),
        }
    }
}

fn failed(stack: &str, state: &Stack, cause: Option<Event>) -> DeployError {
    // An ARN ends in `stack/<name>/<unique id>`.
    let stack = stack.split('/').nth(1).unwrap_or(stack).to_owned();
    let Some(cause) = cause else {
        let advice = "look at the stack's events in CloudFormation";
        return DeployError::StackState { stack, status: state.status.clone(), advice };
    };
    let reason = cause.reason.unwrap_or_else(|| "CloudFormation gives no reason".to_owned());
    let advice = advice(&reason, &state.status).to_owned();
    DeployError::Stack { stack, resource: cause.resource, reason: reason.trim_end_matches('.').to_owned(), advice }
}

/// What to do about a failure.
fn advice(reason: &str, status: &str) -> &'static str {
    let reason = reason.to_ascii_lowercase();
    if status.starts_with("DELETE") {
        "Mend that and run `deploy down` again: it goes on where it stopped"
    } else if reason.contains("already exists") {
        "Delete or rename what is there, or choose another name with --app, and run `deploy up` again"
    } else if reason.contains("not authorized") || reason.contains("access denied") || reason.contains("accessdenied") {
        "Give the deploying credentials, or the role that is named, that permission and run `deploy up` again"
    } else if reason.contains("limit") || reason.contains("throttl") || reason.contains("rate exceeded") {
        "Raise that quota or wait a little, and run `deploy up` again"
    } else {
        "CloudFormation has taken its changes back; mend that and run `deploy up` again"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_failed_first_and_what_to_do() {
        let state = Stack {
            id: String::new(),
            status: "ROLLBACK_COMPLETE".to_owned(),
            parameters: BTreeMap::new(),
            outputs: BTreeMap::new(),
        };
        let cause = Event {
            id: "1".to_owned(),
            resource: "ClaimPolicy".to_owned(),
            resource_type: "AWS::IoT::Policy".to_owned(),
            status: "CREATE_FAILED".to_owned(),
            reason: Some("Policy already exists.".to_owned()),
        };
        let arn = "arn:aws:cloudformation:eu-west-1:123456789012:stack/cms-provisioning/5f";
        assert_eq!(
            failed(arn, &state, Some(cause)).to_string(),
            "cms-provisioning: ClaimPolicy failed: Policy already exists. Delete or rename what is there, or choose another \
             name with --app, and run `deploy up` again"
        );
    }
}
