//! CloudFormation: one stack, its state and what happens to it.

use std::collections::{BTreeMap, BTreeSet};

use aws::{Aws, AwsError, AwsErrorCause, Service, Transport};

use crate::query;

const VERSION: &str = "2010-05-15";

/// A stack as CloudFormation describes it.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Its ARN, by which it is still found after it was deleted.
    pub id: String,
    /// The name of its state, such as `CREATE_COMPLETE`.
    pub status: String,
    /// The parameters it was last deployed with.
    pub parameters: BTreeMap<String, String>,
    /// Its outputs.
    pub outputs: BTreeMap<String, String>,
}

impl Stack {
    /// Whether an operation is under way.
    pub fn is_busy(&self) -> bool {
        self.status.ends_with("_IN_PROGRESS")
    }
}

/// Something that happened to a stack's resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Names the event.
    pub id: String,
    /// The resource's name in the template; the stack's own name for the stack itself.
    pub resource: String,
    /// The resource's type.
    pub resource_type: String,
    /// The name of the resource's state.
    pub status: String,
    /// Why it is in that state.
    pub reason: Option<String>,
}

impl Event {
    /// Whether this says why an operation failed, rather than what failed in its wake.
    pub fn is_cause_of_failure(&self) -> bool {
        self.status.ends_with("_FAILED")
            && self.resource_type != "AWS::CloudFormation::Stack"
            && !self.reason.as_deref().is_some_and(|reason| reason.contains("cancelled"))
    }
}

/// A parameter's value in a create or an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// This value.
    Value(String),
    /// The value of the last deployment.
    Previous,
}

/// The stack of this name or ARN, if there is one.
pub async fn describe<T: Transport>(aws: &Aws<T>, stack: &str) -> Result<Option<Stack>, AwsError> {
    const OPERATION: &str = "DescribeStacks";
    let xml = match query::ask(aws, Service::CloudFormation, VERSION, OPERATION, &[named(stack)]).await {
        Ok(xml) => xml,
        Err(error) if says(&error, "does not exist") => return Ok(None),
        Err(error) => return Err(error),
    };
    let document = query::parsed(Service::CloudFormation, OPERATION, &xml)?;
    let Some(member) = query::members(document.root(), "Stacks").next() else { return Ok(None) };
    let required = |name: &str| {
        query::text(member, name)
            .ok_or_else(|| query::unreadable(Service::CloudFormation, OPERATION, format!("it has no {name}")))
    };
    let status = required("StackStatus")?;
    if status == "DELETE_COMPLETE" {
        return Ok(None);
    }
    let parameters = query::members(member, "Parameters")
        .filter_map(|one| {
            Some((query::text(one, "ParameterKey")?, query::text(one, "ParameterValue").unwrap_or_default()))
        })
        .collect();
    let outputs = query::members(member, "Outputs")
        .filter_map(|one| Some((query::text(one, "OutputKey")?, query::text(one, "OutputValue").unwrap_or_default())))
        .collect();
    Ok(Some(Stack { id: required("StackId")?, status, parameters, outputs }))
}

/// The stack's events that are not among `known`, the oldest first.
pub async fn new_events<T: Transport>(
    aws: &Aws<T>,
    stack: &str,
    known: &BTreeSet<String>,
) -> Result<Vec<Event>, AwsError> {
    const OPERATION: &str = "DescribeStackEvents";
    let mut events = Vec::new();
    let mut page = None;
    loop {
        let mut parameters = vec![named(stack)];
        parameters.extend(page.map(|page| ("NextToken".to_owned(), page)));
        let xml = query::ask(aws, Service::CloudFormation, VERSION, OPERATION, &parameters).await?;
        let document = query::parsed(Service::CloudFormation, OPERATION, &xml)?;
        // AWS gives the newest first: whatever follows a known event is known too.
        let mut caught_up = false;
        for event in query::members(document.root(), "StackEvents").filter_map(event) {
            caught_up |= known.contains(&event.id);
            if caught_up {
                break;
            }
            events.push(event);
        }
        page = query::text_below(document.root(), "NextToken");
        if caught_up || page.is_none() {
            events.reverse();
            return Ok(events);
        }
    }
}

fn event(member: roxmltree::Node<'_, '_>) -> Option<Event> {
    Some(Event {
        id: query::text(member, "EventId")?,
        resource: query::text(member, "LogicalResourceId")?,
        resource_type: query::text(member, "ResourceType").unwrap_or_default(),
        status: query::text(member, "ResourceStatus")?,
        reason: query::text(member, "ResourceStatusReason"),
    })
}

/// The ids of all events of the stack so far.
pub async fn event_ids<T: Transport>(aws: &Aws<T>, stack: &str) -> Result<BTreeSet<String>, AwsError> {
    Ok(new_events(aws, stack, &BTreeSet::new()).await?.into_iter().map(|event| event.id).collect())
}

/// Begins to make the stack. What a failure leaves half made is taken back whole, tables included: they hold nothing yet.
pub async fn create<T: Transport>(
    aws: &Aws<T>,
    stack: &str,
    template_url: &str,
    parameters: &BTreeMap<String, Parameter>,
) -> Result<(), AwsError> {
    deploy(aws, "CreateStack", stack, template_url, parameters).await
}

/// Begins to update the stack. Whether there is anything to update.
pub async fn update<T: Transport>(
    aws: &Aws<T>,
    stack: &str,
    template_url: &str,
    parameters: &BTreeMap<String, Parameter>,
) -> Result<bool, AwsError> {
    match deploy(aws, "UpdateStack", stack, template_url, parameters).await {
        Ok(()) => Ok(true),
        Err(error) if says(&error, "No updates are to be performed") => Ok(false),
        Err(error) => Err(error),
    }
}

/// Begins to delete the stack.
pub async fn delete<T: Transport>(aws: &Aws<T>, stack: &str) -> Result<(), AwsError> {
    query::ask(aws, Service::CloudFormation, VERSION, "DeleteStack", &[named(stack)]).await.map(drop)
}

/// Begins to take back what is left of an update that failed and could not be taken back.
pub async fn continue_rollback<T: Transport>(aws: &Aws<T>, stack: &str) -> Result<(), AwsError> {
    query::ask(aws, Service::CloudFormation, VERSION, "ContinueUpdateRollback", &[named(stack)]).await.map(drop)
}

/// A resource of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Its name in the template.
    pub logical_id: String,
    /// What `Ref` gives, mostly its name or id.
    pub physical_id: String,
    /// Its type, such as `AWS::DynamoDB::Table`.
    pub kind: String,
}

/// The stack's resources that are there.
pub async fn resources<T: Transport>(aws: &Aws<T>, stack: &str) -> Result<Vec<Resource>, AwsError> {
    const OPERATION: &str = "ListStackResources";
    let mut resources = Vec::new();
    let mut page = None;
    loop {
        let mut parameters = vec![named(stack)];
        parameters.extend(page.map(|page| ("NextToken".to_owned(), page)));
        let xml = query::ask(aws, Service::CloudFormation, VERSION, OPERATION, &parameters).await?;
        let document = query::parsed(Service::CloudFormation, OPERATION, &xml)?;
        resources.extend(query::members(document.root(), "StackResourceSummaries").filter_map(|member| {
            Some(Resource {
                logical_id: query::text(member, "LogicalResourceId")?,
                physical_id: query::text(member, "PhysicalResourceId")?,
                kind: query::text(member, "ResourceType")?,
            })
        }));
        page = query::text_below(document.root(), "NextToken");
        if page.is_none() {
            return Ok(resources);
        }
    }
}

/// The stack's template as it was handed in.
pub async fn template<T: Transport>(aws: &Aws<T>, stack: &str) -> Result<String, AwsError> {
    const OPERATION: &str = "GetTemplate";
    let xml = query::ask(aws, Service::CloudFormation, VERSION, OPERATION, &[named(stack)]).await?;
    let document = query::parsed(Service::CloudFormation, OPERATION, &xml)?;
    query::text_below(document.root(), "TemplateBody")
        .ok_or_else(|| query::unreadable(Service::CloudFormation, OPERATION, "it has no template"))
}

async fn deploy<T: Transport>(
    aws: &Aws<T>,
    operation: &'static str,
    stack: &str,
    template_url: &str,
    parameters: &BTreeMap<String, Parameter>,
) -> Result<(), AwsError> {
    let mut form = vec![
        named(stack),
        // Sent in the request it could have 51,200 bytes; in a bucket it can have 1,000,000.
        ("TemplateURL".to_owned(), template_url.to_owned()),
        // The console's user has a name of its own, so that people can find it.
        ("Capabilities.member.1".to_owned(), "CAPABILITY_NAMED_IAM".to_owned()),
        ("RetainExceptOnCreate".to_owned(), "true".to_owned()),
    ];
    for (number, (key, parameter)) in parameters.iter().enumerate() {
        let member = format!("Parameters.member.{}", number + 1);
        form.push((format!("{member}.ParameterKey"), key.clone()));
        form.push(match parameter {
            Parameter::Value(value) => (format!("{member}.ParameterValue"), value.clone()),
            Parameter::Previous => (format!("{member}.UsePreviousValue"), "true".to_owned()),
        });
    }
    query::ask(aws, Service::CloudFormation, VERSION, operation, &form).await.map(drop)
}

fn named(stack: &str) -> (String, String) {
    ("StackName".to_owned(), stack.to_owned())
}

/// CloudFormation calls many things a `ValidationError`; only its words tell them apart.
fn says(error: &AwsError, words: &str) -> bool {
    match &error.cause {
        AwsErrorCause::Answer { code, message, .. } => code == "ValidationError" && message.contains(words),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn happened(status: &str, resource_type: &str, reason: &str) -> Event {
        Event {
            id: "1".to_owned(),
            resource: "ClaimPolicy".to_owned(),
            resource_type: resource_type.to_owned(),
            status: status.to_owned(),
            reason: Some(reason.to_owned()),
        }
    }

    #[test]
    fn what_was_cancelled_in_the_wake_of_a_failure_is_not_its_cause() {
        assert!(happened("CREATE_FAILED", "AWS::IoT::Policy", "already exists").is_cause_of_failure());
        assert!(!happened("CREATE_FAILED", "AWS::IoT::Policy", "Resource creation cancelled").is_cause_of_failure());
        assert!(!happened("UPDATE_ROLLBACK_FAILED", "AWS::CloudFormation::Stack", "x").is_cause_of_failure());
        assert!(!happened("CREATE_COMPLETE", "AWS::IoT::Policy", "").is_cause_of_failure());
    }
}
