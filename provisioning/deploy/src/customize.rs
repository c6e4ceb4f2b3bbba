//! What a deployment may change: the provisioning template and the vehicle policy in `customize/`, and how the stack's names
//! get into them.
//!
//! In both, `${Name}` stands for a parameter of the stack or one of CloudFormation's own (`${AWS::Region}`). CloudFormation
//! puts the values in when it deploys; [`Names`] does the same to try a change beforehand.

use std::collections::BTreeMap;

use provisioning_template::{PolicyDocument, ProvisioningTemplate, TemplateProblem};
use serde_json::Value;

use crate::STACK_TEMPLATE;

/// `provisioning-template.json`, as it is written. `${...}` stands for what the stack puts in.
pub const PROVISIONING_TEMPLATE_BODY: &str = include_str!("../customize/provisioning-template.json");

/// `vehicle-policy.json`, as it is written. `${...}` stands for what the stack puts in, but for IoT's own variables, such as
/// `${iot:Connection.Thing.ThingName}`, which stay.
pub const VEHICLE_POLICY: &str = include_str!("../customize/vehicle-policy.json");

/// What stands for a thing's property `ThingTypeName`, with the comma before it, in what CloudFormation gets.
const THING_TYPE_PROPERTY: &str = "${ThingTypeProperty}";

/// Why a customised file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CustomizeProblem {
    /// It is wrong in itself.
    #[error("{file}: {problem}")]
    Wrong {
        /// The file.
        file: String,
        /// What is wrong, and what to do.
        problem: TemplateProblem,
    },
    /// It speaks of something that the stack does not know.
    #[error(
        "{file}: ${{{name}}} stands for nothing that the stack knows: name one of its parameters, or write ${{!{name}}} where \
         AWS IoT is to see ${{{name}}}"
    )]
    UnknownName {
        /// The file.
        file: String,
        /// The name.
        name: String,
    },
}

/// The values that the stack puts in for its names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// Adds a name.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// Reads a provisioning template as CloudFormation would hand it to AWS IoT.
    pub fn provisioning_template(&self, file: &str, source: &str) -> Result<ProvisioningTemplate, CustomizeProblem> {
        let body = self.provisioning_template_body(file, source)?;
        ProvisioningTemplate::parse(&body).map_err(|problem| CustomizeProblem::Wrong { file: file.to_owned(), problem })
    }

    /// A provisioning template as CloudFormation would hand it to AWS IoT.
    pub fn provisioning_template_body(&self, file: &str, source: &str) -> Result<String, CustomizeProblem> {
        let wrong = |problem| CustomizeProblem::Wrong { file: file.to_owned(), problem };
        let mut body = json(source).map_err(|problem| wrong(TemplateProblem::NotJson { problem }))?;
        if let Some(thing_type) = self.0.get("ThingTypeName").filter(|name| !name.is_empty()) {
            give_thing_type(&mut body, thing_type);
        }
        self.put_into(file, &body.to_string())
    }

    /// Reads a vehicle policy as CloudFormation would hand it to AWS IoT.
    pub fn vehicle_policy(&self, file: &str, source: &str) -> Result<PolicyDocument, CustomizeProblem> {
        let at = || "The policy".to_owned();
        let wrong = |problem| CustomizeProblem::Wrong { file: file.to_owned(), problem };
        let body = json(source).map_err(|problem| wrong(TemplateProblem::InvalidPolicy { at: at(), problem }))?;
        let body = self.put_into(file, &keeping_policy_variables(&body.to_string()))?;
        PolicyDocument::parse(&body).map_err(wrong)
    }

    /// `${Name}` becomes the name's value, `${!Name}` becomes `${Name}`.
    fn put_into(&self, file: &str, text: &str) -> Result<String, CustomizeProblem> {
        let mut whole = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, after)) = after.split_once('}') else { break };
            whole.push_str(before);
            match name.strip_prefix('!') {
                Some(literal) => whole.push_str(&format!("${{{literal}}}")),
                None => {
                    whole.push_str(self.0.get(name).ok_or_else(|| CustomizeProblem::UnknownName {
                        file: file.to_owned(),
                        name: name.to_owned(),
                    })?)
                }
            }
            rest = after;
        }
        whole.push_str(rest);
        Ok(whole)
    }
}

/// Whether what is in `customize/` can be deployed at all.
pub fn check_customization() -> Result<(), CustomizeProblem> {
    let (_, parameters) = STACK_TEMPLATE.split_once("\nParameters:\n").unwrap_or_default();
    let declared = parameters.lines().take_while(|line| line.is_empty() || line.starts_with(' '));
    let declared =
        declared.filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':')).filter(|name| !name.contains(' '));
    let aws = ["AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::StackId", "AWS::StackName", "AWS::URLSuffix"];
    let given = ["ProvisioningTemplateName", "VehiclePolicyName"];
    // The longest that any of them is.
    let names = declared.chain(aws).chain(given).fold(Names::default(), |names, name| names.with(name, "n".repeat(36)));
    names.provisioning_template("customize/provisioning-template.json", PROVISIONING_TEMPLATE_BODY)?;
    names.vehicle_policy("customize/vehicle-policy.json", VEHICLE_POLICY)?;
    Ok(())
}

/// The provisioning template's body as the argument of CloudFormation's `Fn::Sub`.
pub(crate) fn provisioning_template_for_the_stack() -> Value {
    let Ok(mut body) = json(PROVISIONING_TEMPLATE_BODY) else {
        return Value::String(PROVISIONING_TEMPLATE_BODY.to_owned());
    };
    give_thing_type(&mut body, THING_TYPE_PROPERTY);
    // It comes after another property, because ThingName is always there.
    let property = format!(",\"ThingTypeName\":\"{THING_TYPE_PROPERTY}\"");
    Value::String(body.to_string().replace(&property, THING_TYPE_PROPERTY))
}

/// The vehicle policy's document as CloudFormation gets it.
pub(crate) fn vehicle_policy_for_the_stack() -> Value {
    fn for_the_stack(value: Value) -> Value {
        match value {
            Value::String(text) if text.contains("${") => {
                serde_json::json!({ "Fn::Sub": keeping_policy_variables(&text) })
            }
            Value::Array(values) => values.into_iter().map(for_the_stack).collect(),
            Value::Object(members) => members
                .into_iter()
                .map(|(key, value)| (key, for_the_stack(value)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            other => other,
        }
    }
    json(VEHICLE_POLICY).map_or_else(|_| Value::String(VEHICLE_POLICY.to_owned()), for_the_stack)
}

/// IoT's own variables have one colon (`iot:ClientId`), CloudFormation's have two (`AWS::Region`).
fn keeping_policy_variables(text: &str) -> String {
    let mut pieces = text.split("${");
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let name = piece.split('}').next().unwrap_or_default();
        let is_iots = name.contains(':') && !name.contains("::") && !name.starts_with('!');
        whole.push_str(if is_iots { "${!" } else { "${" });
        whole.push_str(piece);
    }
    whole
}

fn json(source: &str) -> Result<Value, String> {
    serde_json::from_str(source).map_err(|error| error.to_string())
}

/// Gives the thing type of the stack's parameter to a thing that has none of its own.
fn give_thing_type(body: &mut Value, thing_type: &str) {
    let resources = body.get_mut("Resources").and_then(Value::as_object_mut);
    for resource in resources.into_iter().flat_map(|all| all.values_mut()) {
        if resource["Type"] == "AWS::IoT::Thing"
            && let Some(Value::Object(properties)) = resource.get_mut("Properties")
            && !properties.contains_key("ThingTypeName")
        {
            properties.insert("ThingTypeName".to_owned(), thing_type.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::default()
            .with("ProvisioningTemplateName", "cms--provisioning-template")
            .with("VehiclePolicyName", "cms-vehicle-policy")
            .with("AWS::Partition", "aws")
            .with("AWS::Region", "eu-central-1")
            .with("AWS::AccountId", "123456789012")
            .with("VehicleTopicRoot", "vehicle")
    }

    fn plan(names: &Names) -> provisioning_template::RegistrationPlan {
        let template = names.provisioning_template("file", PROVISIONING_TEMPLATE_BODY).expect("a template");
        let parameters = BTreeMap::from([
            ("vin".to_owned(), "1HGCM82633A004352".to_owned()),
            ("AWS::IoT::Certificate::Id".to_owned(), "a".repeat(64)),
        ]);
        template.plan(&parameters).expect("a plan")
    }

    #[test]
    fn what_is_in_the_folder_can_be_deployed() {
        check_customization().expect("no problem");
    }

    #[test]
    fn a_vehicle_gets_the_thing_type_of_the_parameter_or_none() {
        let plan_without = plan(&names());
        assert_eq!(plan_without.thing_name, "Vehicle_1HGCM82633A004352");
        assert_eq!(plan_without.attributes["provisioned_by_template"], "cms--provisioning-template");
        assert_eq!(plan_without.thing_type, None);
        assert_eq!(plan(&names().with("ThingTypeName", "")).thing_type, None);
        assert_eq!(plan(&names().with("ThingTypeName", "car")).thing_type.as_deref(), Some("car"));
        let own = PROVISIONING_TEMPLATE_BODY.replace("\"ThingName\":", "\"ThingTypeName\": \"own\", \"ThingName\":");
        let own = names().with("ThingTypeName", "car").provisioning_template("file", &own).expect("a template");
        let parameters = BTreeMap::from([
            ("vin".to_owned(), "X".to_owned()),
            ("AWS::IoT::Certificate::Id".to_owned(), "a".repeat(64)),
        ]);
        assert_eq!(own.plan(&parameters).expect("a plan").thing_type.as_deref(), Some("own"));
    }

    #[test]
    fn cloudformation_gets_the_thing_type_as_a_whole_property() {
        let Value::String(body) = provisioning_template_for_the_stack() else { panic!("a text") };
        assert_eq!(body.matches(THING_TYPE_PROPERTY).count(), 1, "{body}");
        for property in ["", r#","ThingTypeName":"car""#] {
            serde_json::from_str::<Value>(&body.replace(THING_TYPE_PROPERTY, property)).expect("JSON either way");
        }
    }

    #[test]
    fn iots_own_variables_stay_and_the_stacks_are_put_in() {
        assert_eq!(
            keeping_policy_variables("${AWS::Region} ${iot:ClientId} ${!iot:ClientId} ${VehicleTopicRoot}"),
            "${AWS::Region} ${!iot:ClientId} ${!iot:ClientId} ${VehicleTopicRoot}"
        );
        let policy = names().vehicle_policy("file", VEHICLE_POLICY).expect("a policy");
        assert_eq!(policy.reaches(), []);
        let rendered = vehicle_policy_for_the_stack().to_string();
        assert!(
            rendered
                .contains(r#"{"Fn::Sub":"arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:client/${!iot:"#)
        );
    }

    #[test]
    fn a_name_that_the_stack_does_not_know_is_told() {
        let source = PROVISIONING_TEMPLATE_BODY.replace("\"Vehicle_\"", "\"${vin}\"");
        assert_eq!(
            names().provisioning_template("my.json", &source).expect_err("a problem").to_string(),
            "my.json: ${vin} stands for nothing that the stack knows: name one of its parameters, or write ${!vin} where AWS \
             IoT is to see ${vin}"
        );
        let escaped = source.replace("\"${vin}\"", "{ \"Fn::Sub\": \"Vehicle_${!vin}\" }, \"\"");
        assert!(names().provisioning_template("my.json", &escaped).is_ok());
    }
}
