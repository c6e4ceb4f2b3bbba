//! What is deployed, as AWS has it.

use std::collections::BTreeMap;

use aws::{Aws, AwsError, Call, Service, Transport};
use provisioning_template::{PolicyDocument, ProvisioningTemplate};
use serde_json::Value;

use super::DryRunProblem;
use crate::cloudformation::Stack;
use crate::query::{self, encoded};
use crate::{CustomizeProblem, DeployError, Names};

/// What the stack tells, as far as it is needed here: a stack of an earlier version tells it, too.
pub(crate) struct Outputs {
    pub authorized_vehicles_table: String,
    pub provisioned_vehicles_table: String,
    pub provisioning_attempts_table: String,
    pub template_name: String,
    pub vehicle_policy_name: String,
    pub vin_pattern: String,
}

impl Outputs {
    pub fn of(stack: &Stack, name: &str) -> Result<Self, DeployError> {
        let output = |output: &'static str| {
            let told = stack.outputs.get(output).cloned();
            told.ok_or_else(|| DeployError::MissingOutput { stack: name.to_owned(), output })
        };
        Ok(Outputs {
            authorized_vehicles_table: output("AuthorizedVehiclesTableName")?,
            provisioned_vehicles_table: output("ProvisionedVehiclesTableName")?,
            provisioning_attempts_table: output("ProvisioningAttemptsTableName")?,
            template_name: output("ProvisioningTemplateName")?,
            vehicle_policy_name: output("VehiclePolicyName")?,
            vin_pattern: output("VinPattern")?,
        })
    }
}

/// A deployment's template, policy and the names it puts into them.
pub(crate) struct Deployed {
    pub template: ProvisioningTemplate,
    pub policy: PolicyDocument,
    pub policy_is_adopted: bool,
    pub names: Names,
}

impl Deployed {
    pub async fn read<T: Transport>(aws: &Aws<T>, stack_name: &str, outputs: &Outputs) -> Result<Self, DryRunProblem> {
        let template_name = &outputs.template_name;
        let path = format!("/provisioning-templates/{}", encoded(template_name));
        let answer = get(aws, "DescribeProvisioningTemplate", path, || format!("the template {template_name}")).await?;
        let body = answer["templateBody"].as_str().unwrap_or_default();
        let wrong = |file: String| move |problem| CustomizeProblem::Wrong { file, problem };
        let template =
            ProvisioningTemplate::parse(body).map_err(wrong(format!("the deployed template {template_name}")))?;

        let policy_name = &outputs.vehicle_policy_name;
        let path = format!("/policies/{}", encoded(policy_name));
        let answer = get(aws, "GetPolicy", path, || format!("the policy {policy_name}")).await?;
        let document = answer["policyDocument"].as_str().unwrap_or_default();
        let policy = PolicyDocument::parse(document).map_err(wrong(format!("the deployed policy {policy_name}")))?;

        let parameters = parameters(aws, stack_name).await.map_err(DryRunProblem::of_call)?;
        let mut names = parameters
            .iter()
            .fold(Names::default(), |names, (name, value)| names.with(name, value))
            .with("ProvisioningTemplateName", template_name)
            .with("VehiclePolicyName", policy_name);
        // Where the stack is, as the ARN of its policy says.
        let arn = answer["policyArn"].as_str().unwrap_or_default();
        let places = ["", "AWS::Partition", "", "AWS::Region", "AWS::AccountId"];
        for (name, value) in places.into_iter().zip(arn.split(':')).filter(|(name, _)| !name.is_empty()) {
            names = names.with(name, value);
        }
        names = names.with("AWS::StackName", stack_name);
        let adopted = parameters.get("AdoptedVehiclePolicyName");
        Ok(Deployed { template, policy, policy_is_adopted: adopted.is_some_and(|name| !name.is_empty()), names })
    }
}

async fn get<T: Transport>(
    aws: &Aws<T>,
    operation: &'static str,
    path: String,
    what: impl Fn() -> String,
) -> Result<Value, DryRunProblem> {
    let method = http::Method::GET;
    let call = Call { service: Service::Iot, operation, method, path, headers: Vec::new(), body: Vec::new() };
    let answer = aws.call(call).await.map_err(|error| match error.is_not_found() {
        true => DryRunProblem::Gone(what()),
        false => DryRunProblem::of_call(error),
    })?;
    serde_json::from_slice(answer.body())
        .map_err(|error| DryRunProblem::Aws(query::unreadable(Service::Iot, operation, error)))
}

/// The values of the stack's parameters.
async fn parameters<T: Transport>(aws: &Aws<T>, stack: &str) -> Result<BTreeMap<String, String>, AwsError> {
    const OPERATION: &str = "DescribeStacks";
    let named = [("StackName".to_owned(), stack.to_owned())];
    let xml = query::ask(aws, Service::CloudFormation, "2010-05-15", OPERATION, &named).await?;
    let document = query::parsed(Service::CloudFormation, OPERATION, &xml)?;
    let members = query::members(document.root(), "Parameters");
    let value = |one| Some((query::text(one, "ParameterKey")?, query::text(one, "ParameterValue").unwrap_or_default()));
    Ok(members.filter_map(value).collect())
}
