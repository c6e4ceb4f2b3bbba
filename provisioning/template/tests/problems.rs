//! What is wrong with a template, said in a sentence that tells what to do.

use std::collections::BTreeMap;

use provisioning_template::{PolicyDocument, ProvisioningTemplate};
use serde_json::{Value, json};

fn template() -> Value {
    json!({
        "Parameters": { "vin": { "Type": "String" } },
        "Resources": {
            "thing": { "Type": "AWS::IoT::Thing", "Properties": {
                "ThingName": { "Fn::Join": ["", ["Vehicle_", { "Ref": "vin" }]] },
                "AttributePayload": { "vin": { "Ref": "vin" } }
            } },
            "certificate": { "Type": "AWS::IoT::Certificate", "Properties": {
                "CertificateId": { "Ref": "AWS::IoT::Certificate::Id" }, "Status": "Active"
            } },
            "policy": { "Type": "AWS::IoT::Policy", "Properties": { "PolicyName": "p" } }
        }
    })
}

/// The template with something else at a place, or without it where it is null.
fn with(place: &str, value: Value) -> String {
    let mut template = template();
    let (parent, key) = place.rsplit_once('/').expect("a place");
    let parent = template.pointer_mut(parent).expect("its parent").as_object_mut().expect("an object");
    if value.is_null() {
        parent.remove(key);
    } else {
        parent.insert(key.to_owned(), value);
    }
    template.to_string()
}

fn problem(body: &str, vin: &str) -> String {
    let parameters =
        BTreeMap::from([("AWS::IoT::Certificate::Id".to_owned(), "a".repeat(64)), ("vin".to_owned(), vin.to_owned())]);
    match ProvisioningTemplate::parse(body).and_then(|template| template.plan(&parameters)) {
        Ok(plan) => panic!("it was taken: {plan:?}"),
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn every_mistake_in_a_template_has_a_sentence() {
    const THING: &str = "/Resources/thing/Properties";
    const NAME: &str = "/Resources/thing/Properties/ThingName";
    for (body, sentence) in [
        (
            "{".to_owned(),
            "The template is not JSON (EOF while parsing an object at line 1 column 1): correct it there.",
        ),
        ("[]".to_owned(), "The template must be an object in braces: write it so."),
        (" ".repeat(10_241), "The template has 10241 characters and AWS IoT takes 10240: shorten it."),
        (
            with("/Outputs", json!({})),
            "The template has no Outputs: take it out, or write one of Parameters, Mappings, Resources, DeviceConfiguration.",
        ),
        (with("/Resources", Value::Null), "The template lacks Resources: add it."),
        (
            with("/Resources/thing", Value::Null),
            "The template has 0 resources of type AWS::IoT::Thing and must have exactly one.",
        ),
        (
            with("/Resources/certificate", Value::Null),
            "The template has 0 resources of type AWS::IoT::Certificate and must have exactly one.",
        ),
        (
            with("/Resources/group", json!({ "Type": "AWS::IoT::ThingGroup", "Properties": {} })),
            "Resources.group.Type is \"AWS::IoT::ThingGroup\": write one of AWS::IoT::Thing, AWS::IoT::Certificate, AWS::IoT::Policy.",
        ),
        (with("/Resources/thing/Properties", Value::Null), "Resources.thing lacks Properties: add it."),
        (
            with("/Resources/thing/DependsOn", json!("sun")),
            "Resources.thing.DependsOn names sun, and there is no such resource in the template: correct the name.",
        ),
        (with("/Parameters/vin", json!({ "Type": "Number" })), "Parameters.vin.Type must be \"String\": write it so."),
        (
            with(&format!("{THING}/ThingNmae"), json!("x")),
            "Resources.thing.Properties has no ThingNmae: take it out, or write one of ThingName, ThingTypeName, AttributePayload, ThingGroups, BillingGroup, PackageVersions.",
        ),
        (with(NAME, Value::Null), "Resources.thing.Properties lacks ThingName: add it."),
        (with(NAME, json!(7)), "Resources.thing.Properties.ThingName must be text in quotes: write it so."),
        (
            with(NAME, json!({ "Ref": "plant" })),
            "Resources.thing.Properties.ThingName refers to plant, which is not declared: add it to Parameters, or correct the name.",
        ),
        (
            with(NAME, json!({ "Fn::Sub": "x${plant}" })),
            "Resources.thing.Properties.ThingName.Fn::Sub refers to plant, which is not declared: add it to Parameters, or correct the name.",
        ),
        (
            with(NAME, json!({ "Fn::GetAtt": ["a", "b"] })),
            "Resources.thing.Properties.ThingName uses Fn::GetAtt, which provisioning templates do not have: use Ref, Fn::Join, Fn::Select, Fn::Split, Fn::Sub or Fn::FindInMap.",
        ),
        (
            with(NAME, json!({ "Fn::Join": ["", ["a"], 1] })),
            "Resources.thing.Properties.ThingName.Fn::Join must be a list of two: the delimiter and what it is about: write it so.",
        ),
        (
            with(NAME, json!({ "Fn::Select": [3, ["a", "b"]] })),
            "Resources.thing.Properties.ThingName: there is no value number 3 among 2, counted from 0: choose another.",
        ),
        (
            with(NAME, json!({ "Fn::FindInMap": ["a", "b", "c"] })),
            "Resources.thing.Properties.ThingName: Mappings has no a / b / c: add it.",
        ),
        (
            with("/Resources/thing/OverrideSettings", json!({ "ThingTypeName": "MERGE" })),
            "Resources.thing.OverrideSettings.ThingTypeName is \"MERGE\": write one of REPLACE, DO_NOTHING, FAIL.",
        ),
        (
            with("/Resources/thing/OverrideSettings", json!({ "THING_GROUPS": "MERGE" })),
            "Resources.thing.OverrideSettings has no THING_GROUPS: take it out, or write one of AttributePayload, ThingTypeName, ThingGroups.",
        ),
        (
            with(&format!("{THING}/AttributePayload"), json!({ "a": "", "b": "", "c": "", "d": "" })),
            "The thing has 4 attributes, and a thing without a thing type takes at most 3: give the vehicles a thing type, or leave some out.",
        ),
        (
            with(&format!("{THING}/AttributePayload"), json!({ "a b": "" })),
            "Resources.thing.Properties.AttributePayload would be \"a b\", and AWS IoT takes 1 to 128 of letters, digits and \"_.,@/:#-\": change the template, or what the vehicle sends.",
        ),
        (
            with(&format!("{THING}/AttributePayload"), json!({ "plant": "Kiel Süd" })),
            "Resources.thing.Properties.AttributePayload.plant would be \"Kiel Süd\", and AWS IoT takes at most 800 of letters, digits and \"_.,@/:#=[]-\": change the template, or what the vehicle sends.",
        ),
        (
            with("/Resources/certificate/Properties/CertificateId", json!("abc")),
            "Resources.certificate.Properties.CertificateId must be {\"Ref\": \"AWS::IoT::Certificate::Id\"}: fleet provisioning registers no other certificate.",
        ),
        (
            with("/Resources/certificate/Properties/Status", json!("Revoked")),
            "Resources.certificate.Properties.Status is \"Revoked\": write one of Active, Inactive.",
        ),
        (
            with("/Resources/policy/Properties/PolicyDocument", json!({})),
            "Resources.policy.Properties has PolicyName and PolicyDocument: keep the name of a policy that exists, or the document of a new one.",
        ),
        (
            with("/Resources/policy/Properties", json!({})),
            "Resources.policy.Properties lacks PolicyName or PolicyDocument: add it.",
        ),
        (
            with("/Resources/policy/Properties", json!({ "PolicyDocument": "{}" })),
            "Resources.policy.Properties.PolicyDocument is no policy document (its Version must be \"2012-10-17\"): correct it.",
        ),
        (
            with("/DeviceConfiguration", json!({ "a": { "b": "c" } })),
            "DeviceConfiguration.a must be no object: AWS IoT sends none inside a device configuration: write it so.",
        ),
    ] {
        assert_eq!(problem(&body, "1HGCM82633A004352"), sentence);
    }
}

#[test]
fn a_parameter_without_a_value_and_one_that_aws_iot_refuses_are_named() {
    let template = ProvisioningTemplate::parse(&template().to_string()).expect("a template");
    let id = BTreeMap::from([("AWS::IoT::Certificate::Id".to_owned(), "a".repeat(64))]);
    let problem = template.plan(&id).expect_err("no VIN").to_string();
    assert_eq!(
        problem,
        "The parameter vin has no value: the vehicle must send it, or the template needs a Default for it."
    );
    let vin = BTreeMap::from([("vin".to_owned(), "X".to_owned())]);
    let problem = template.plan(&vin).expect_err("no certificate").to_string();
    assert!(problem.starts_with("The parameter AWS::IoT::Certificate::Id has no value"), "{problem}");
}

#[test]
fn a_thing_type_makes_room_for_fifty_attributes() {
    let attributes: BTreeMap<String, String> = (0..51).map(|number| (format!("a{number}"), String::new())).collect();
    let thing = |count: usize| {
        let attributes: BTreeMap<_, _> = attributes.iter().take(count).collect();
        let properties = json!({ "ThingName": "x", "ThingTypeName": "vehicle", "AttributePayload": attributes });
        with("/Resources/thing/Properties", properties)
    };
    assert!(ProvisioningTemplate::parse(&thing(50)).is_ok());
    assert!(problem(&thing(51), "X").contains("a thing with a thing type takes at most 50: leave some out"));
}

#[test]
fn every_mistake_in_a_policy_has_a_sentence() {
    let statement = |text: &str| format!(r#"{{"Version":"2012-10-17","Statement":[{text}]}}"#);
    for (document, part) in [
        ("[]".to_owned(), "it is no object in braces"),
        (r#"{"Version":"2026","Statement":[]}"#.to_owned(), "its Version must be \"2012-10-17\""),
        (r#"{"Version":"2012-10-17","Statement":[]}"#.to_owned(), "its Statement must be a list of statements"),
        (r#"{"Version":"2012-10-17","Principal":"*"}"#.to_owned(), "it has Principal, and only"),
        (statement(r#"{"Effect":"allow"}"#), "statement 1: its Effect must be \"Allow\" or \"Deny\""),
        (statement(r#"{"Effect":"Allow","Resource":"*"}"#), "statement 1: it has no Action"),
        (statement(r#"{"Effect":"Allow","Action":"a","NotAction":"b","Resource":"*"}"#), "it has Action and NotAction"),
        (statement(r#"{"Effect":"Allow","Action":7,"Resource":"*"}"#), "its Action must be text in quotes"),
        (statement(r#"{"Effect":"Allow","Action":"a","Resource":[]}"#), "its Resource must be text in quotes"),
        (statement(r#"{"Effect":"Allow","Principal":"*"}"#), "statement 1: it has Principal"),
    ] {
        let problem = PolicyDocument::parse(&document).expect_err("a problem").to_string();
        assert!(problem.contains(part) && problem.ends_with(": correct it."), "{problem}");
    }
}
