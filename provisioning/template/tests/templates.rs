//! Whole templates: ours, that of an existing deployment, and AWS's own example of everything.

use std::collections::BTreeMap;

use provisioning_template::{
    AttributeOverride, GroupsOverride, PlannedPolicy, PlannedStatus, ProvisioningTemplate, RegistrationPlan,
    TypeOverride,
};
use shared::CertificateId;

const VIN: &str = "1HGCM82633A004352";

fn parameters(more: &[(&str, &str)]) -> BTreeMap<String, String> {
    let id = "a".repeat(64);
    let all = [("AWS::IoT::Certificate::Id", id.as_str()), ("vin", VIN)];
    all.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What an existing deployment's template says, with one policy for each vehicle written out.
const OF_AN_EXISTING_DEPLOYMENT: &str = r#"{
  "Parameters": { "AWS::IoT::Certificate::Id": { "Type": "String" }, "vin": { "Type": "String" } },
  "Resources": {
    "thing": {
      "Type": "AWS::IoT::Thing",
      "OverrideSettings": { "AttributePayload": "MERGE", "ThingTypeName": "REPLACE", "ThingGroups": "DO_NOTHING" },
      "Properties": {
        "ThingName": { "Fn::Join": ["", ["Vehicle_", { "Ref": "vin" }]] },
        "AttributePayload": {
          "vin": { "Ref": "vin" },
          "certificate_id": { "Ref": "AWS::IoT::Certificate::Id" },
          "provisioned_by_template": "cms--provisioning-template"
        }
      }
    },
    "certificate": {
      "Type": "AWS::IoT::Certificate",
      "OverrideSettings": { "Status": "REPLACE" },
      "Properties": { "CertificateId": { "Ref": "AWS::IoT::Certificate::Id" }, "Status": "Active" }
    },
    "policy": {
      "Type": "AWS::IoT::Policy",
      "Properties": {
        "PolicyDocument": {
          "Version": "2012-10-17",
          "Statement": [
            { "Effect": "Allow", "Action": ["iot:Subscribe", "iot:Receive"], "Resource": ["*"] },
            { "Effect": "Allow", "Action": ["iot:Connect"],
              "Resource": ["arn:aws:iot:eu-central-1:123456789012:client/${iot:Connection.Thing.ThingName}"] }
          ]
        }
      }
    }
  }
}"#;

fn planned(body: &str, more: &[(&str, &str)]) -> RegistrationPlan {
    let template = ProvisioningTemplate::parse(body).expect("a template");
    template.plan(&parameters(more)).expect("a plan")
}

#[test]
fn an_existing_deployments_template_registers_what_it_always_did() {
    let plan = planned(OF_AN_EXISTING_DEPLOYMENT, &[]);
    assert_eq!(plan.thing_name, format!("Vehicle_{VIN}"));
    assert_eq!(plan.thing_type, None);
    assert_eq!(plan.thing_groups, None);
    assert_eq!(plan.certificate_id, CertificateId::try_from("a".repeat(64)).expect("an id"));
    assert_eq!(plan.certificate_status, PlannedStatus::Active);
    assert_eq!(plan.attribute_override, AttributeOverride::Merge);
    assert_eq!(plan.thing_type_override, TypeOverride::Replace);
    assert_eq!(plan.groups_override, GroupsOverride::DoNothing);
    let [PlannedPolicy::Document { name, document }] = plan.policies.as_slice() else {
        panic!("one policy with a document: {:?}", plan.policies)
    };
    assert_eq!(name.len(), 64);
    assert!(document.contains("client/${iot:Connection.Thing.ThingName}"), "policy variables stay: {document}");
    // The same document is the same policy, for every vehicle.
    let other = planned(OF_AN_EXISTING_DEPLOYMENT, &[("vin", "WVWZZZ1JZ3W386752")]);
    assert_eq!(other.policies, plan.policies);
}

#[test]
fn a_plan_describes_itself_in_plain_lines() {
    let (before, after) = OF_AN_EXISTING_DEPLOYMENT.split_once(r#""PolicyDocument""#).expect("a policy");
    let after = after.rsplit_once("        }\n      }\n    }\n  }").expect("its end").1;
    let named = format!(r#"{before}"PolicyName": "p" }} }} }}{after}"#);
    assert_eq!(
        planned(&named, &[]).describe(),
        [
            "an existing thing's attributes: MERGE".to_owned(),
            "an existing thing's groups: DO_NOTHING".to_owned(),
            "an existing thing's type: REPLACE".to_owned(),
            format!("attribute certificate_id: {}", "a".repeat(64)),
            "attribute provisioned_by_template: cms--provisioning-template".to_owned(),
            format!("attribute vin: {VIN}"),
            format!("certificate: {} ACTIVE", "a".repeat(64)),
            "policy: p".to_owned(),
            format!("thing name: Vehicle_{VIN}"),
        ]
    );
}

#[test]
fn every_function_and_every_property_is_understood() {
    let plan = planned(
        r#"{
          "Parameters": {
            "vin": { "Type": "String" }, "plant": { "Type": "String", "Default": "kiel" },
            "options": { "Type": "String", "Default": "red,diesel,left" }
          },
          "Mappings": { "plants": { "kiel": { "region": "north" }, "ulm": { "region": "south" } } },
          "Resources": {
            "thing": {
              "Type": "AWS::IoT::Thing",
              "DependsOn": ["certificate"],
              "Properties": {
                "ThingName": { "Fn::Sub": "Vehicle_${vin}" },
                "ThingTypeName": { "Fn::Join": ["-", ["vehicle", { "Ref": "plant" }]] },
                "ThingGroups": ["all", { "Fn::FindInMap": ["plants", { "Ref": "plant" }, "region"] }],
                "BillingGroup": "series-production",
                "PackageVersions": { "gateway": "1.2.0" },
                "AttributePayload": {
                  "colour": { "Fn::Select": ["0", { "Fn::Split": [",", { "Ref": "options" }] }] },
                  "engine": { "Fn::Select": [1, { "Fn::Split": [",", { "Ref": "options" }] }] },
                  "label": { "Fn::Sub": ["${where}/${vin}", { "where": { "Ref": "plant" } }] },
                  "empty": ""
                }
              }
            },
            "certificate": {
              "Type": "AWS::IoT::Certificate",
              "Properties": { "CertificateId": { "Ref": "AWS::IoT::Certificate::Id" }, "Status": "INACTIVE" }
            },
            "first": { "Type": "AWS::IoT::Policy", "Properties": { "PolicyName": "one" } },
            "second": {
              "Type": "AWS::IoT::Policy",
              "Properties": { "PolicyDocument": "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iot:Connect\",\"Resource\":\"*\"}}" }
            }
          },
          "DeviceConfiguration": { "url": { "Fn::Sub": "https://${plant}.example" }, "interval": 60, "trace": false, "raw": { "Fn::Sub": "${!raw}/${plant}" } }
        }"#,
        &[("plant", "ulm"), ("unknown", "is ignored")],
    );
    assert_eq!(plan.thing_name, format!("Vehicle_{VIN}"));
    assert_eq!(plan.thing_type.as_deref(), Some("vehicle-ulm"));
    assert_eq!(plan.thing_groups, Some(vec!["all".to_owned(), "south".to_owned()]));
    assert_eq!(plan.billing_group.as_deref(), Some("series-production"));
    assert_eq!(plan.package_versions["gateway"], "1.2.0");
    assert_eq!(plan.attributes["colour"], "red");
    assert_eq!(plan.attributes["engine"], "diesel");
    assert_eq!(plan.attributes["label"], format!("ulm/{VIN}"));
    assert_eq!(plan.attributes["empty"], "");
    assert_eq!(plan.certificate_status, PlannedStatus::Inactive);
    // AWS IoT fails where a template does not say what to do about what exists.
    assert_eq!(plan.attribute_override, AttributeOverride::Fail);
    assert_eq!(plan.thing_type_override, TypeOverride::Fail);
    assert_eq!(plan.groups_override, GroupsOverride::Fail);
    assert_eq!(plan.policies[0], PlannedPolicy::Named("one".to_owned()));
    assert!(
        matches!(&plan.policies[1], PlannedPolicy::Document { document, .. } if document.starts_with("{\"Version\""))
    );
    assert_eq!(plan.device_configuration["url"], "https://ulm.example");
    assert_eq!(plan.device_configuration["interval"], 60);
    assert_eq!(plan.device_configuration["trace"], false);
    assert_eq!(plan.device_configuration["raw"], "${raw}/ulm");
}

#[test]
fn what_a_vehicle_must_send_is_what_has_no_default() {
    let body = OF_AN_EXISTING_DEPLOYMENT.replace(
        r#""vin": { "Type": "String" }"#,
        r#""vin": { "Type": "String" }, "plant": { "Type": "String", "Default": "kiel" }"#,
    );
    let template = ProvisioningTemplate::parse(&body).expect("a template");
    assert_eq!(template.required_parameters().collect::<Vec<_>>(), ["vin"]);
}
