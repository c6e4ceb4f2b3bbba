//! What an earlier stack is to leave when it goes.

use serde_json::{Value, json};

/// Types of resources that hold data, that vehicles or plants hold, or whose deletion would take such things away: the
/// custom resources of CMS delete the claim certificate when they go.
const KEPT: [&str; 10] = [
    "AWS::CloudFormation::CustomResource",
    "AWS::DynamoDB::Table",
    "AWS::IoT::Certificate",
    "AWS::IoT::Policy",
    "AWS::IoT::PolicyPrincipalAttachment",
    "AWS::IoT::Thing",
    "AWS::IoT::ThingGroup",
    "AWS::IoT::ThingType",
    "AWS::KMS::Key",
    "AWS::SecretsManager::Secret",
];

/// Types that must go whatever the stack says, because ours have the same names or hear the same topics.
const GONE: [&str; 2] = ["AWS::IoT::ProvisioningTemplate", "AWS::IoT::TopicRule"];

/// Whether resources of this type are left behind.
pub(super) fn is_kept(kind: &str) -> bool {
    kind.starts_with("Custom::") || KEPT.contains(&kind)
}

/// The template that says so; `None` where it says so already. The error says why it cannot be had.
pub(super) fn keeping(template: &str) -> Result<Option<String>, String> {
    let original: Value = serde_json::from_str(template).map_err(|_| {
        format!(
            "its template is not JSON, so it cannot be changed from here. Give \"DeletionPolicy: Retain\" to its resources of \
             the types {} and Custom::*, update it with that, and repeat the command",
            KEPT.join(", ")
        )
    })?;
    let mut template = original.clone();
    let Some(resources) = template["Resources"].as_object_mut() else {
        return Err("its template has no resources".to_owned());
    };
    for resource in resources.values_mut() {
        let kind = resource["Type"].as_str().unwrap_or_default();
        let policy = match kind {
            kind if is_kept(kind) => "Retain",
            kind if GONE.contains(&kind) => "Delete",
            _ => continue,
        };
        // Nothing said means that it is deleted.
        if resource["DeletionPolicy"] == policy || (policy == "Delete" && resource["DeletionPolicy"].is_null()) {
            continue;
        }
        resource["DeletionPolicy"] = policy.into();
        // CloudFormation takes no update that changes deletion policies alone.
        resource["Metadata"]["VehicleProvisioning"] = json!({ "WhenTheStackGoes": policy });
    }
    Ok((template != original).then(|| template.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_claims_and_custom_resources_are_left_and_the_rest_goes() {
        let template = json!({ "Resources": {
            "Vehicles": { "Type": "AWS::DynamoDB::Table", "Properties": { "KeySchema": [] } },
            "Left": { "Type": "AWS::KMS::Key", "DeletionPolicy": "Retain" },
            "Credentials": { "Type": "Custom::LoadOrCreateCredentials" },
            "Function": { "Type": "AWS::Lambda::Function" },
            "Template": { "Type": "AWS::IoT::ProvisioningTemplate", "DeletionPolicy": "Retain" },
            "Rule": { "Type": "AWS::IoT::TopicRule" },
        }});
        let kept = keeping(&template.to_string()).expect("it can be read").expect("it changes");
        let changed: Value = serde_json::from_str(&kept).expect("JSON");
        let policy = |name: &str| changed["Resources"][name]["DeletionPolicy"].as_str().map(str::to_owned);
        assert_eq!(policy("Vehicles").as_deref(), Some("Retain"));
        assert_eq!(policy("Credentials").as_deref(), Some("Retain"));
        assert_eq!(policy("Function"), None);
        assert_eq!(policy("Rule"), None);
        assert_eq!(policy("Template").as_deref(), Some("Delete"));
        assert_eq!(changed["Resources"]["Left"], template["Resources"]["Left"]);
        assert_eq!(changed["Resources"]["Vehicles"]["Properties"], template["Resources"]["Vehicles"]["Properties"]);
        assert_eq!(keeping(&kept), Ok(None), "once is enough");
    }

    #[test]
    fn a_template_that_is_not_json_is_left_to_its_owner() {
        let refused = keeping("Resources:\n  A: {Type: AWS::IoT::Policy}").expect_err("it is YAML");
        assert!(refused.contains("DeletionPolicy: Retain"), "{refused}");
    }
}
