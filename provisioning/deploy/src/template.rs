//! The stack's template as CloudFormation gets it.

use crate::customize::{provisioning_template_for_the_stack, vehicle_policy_for_the_stack};

/// `template.yaml`, as it is written: with comments, and with markers where files of `customize/` belong.
pub const STACK_TEMPLATE: &str = include_str!("../template.yaml");

/// The template with those files in their places. Comments are left out: CloudFormation reads none of them.
pub fn rendered_template() -> String {
    // JSON is YAML, too, and needs no line breaks.
    let files = [
        (r#""@file:customize/provisioning-template.json""#, provisioning_template_for_the_stack().to_string()),
        (r#""@file:customize/vehicle-policy.json""#, vehicle_policy_for_the_stack().to_string()),
    ];
    let mut rendered = String::with_capacity(STACK_TEMPLATE.len());
    for line in STACK_TEMPLATE.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let file = files.iter().find(|(marker, _)| line.contains(marker));
        rendered.push_str(&file.map_or_else(|| line.to_owned(), |(marker, content)| line.replace(marker, content)));
        rendered.push('\n');
    }
    rendered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PROVISIONING_TEMPLATE_BODY;

    /// One resource's lines.
    fn resource(name: &str) -> String {
        let template = rendered_template();
        let (_, rest) = template.split_once(&format!("\n  {name}:\n")).expect("the resource is in the template");
        rest.lines().take_while(|line| line.is_empty() || line.starts_with("   ")).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn cloudformation_takes_a_template_of_this_size_from_a_bucket() {
        assert!(rendered_template().len() <= 1_000_000, "{} bytes", rendered_template().len());
    }

    #[test]
    fn the_provisioning_template_is_put_in_whole() {
        let template = rendered_template();
        assert!(!template.contains("@file:"));
        assert!(template.contains(r#"\"provisioned_by_template\":\"${ProvisioningTemplateName}\""#));
    }

    #[test]
    fn iot_core_takes_the_provisioning_template_with_the_longest_names() {
        let longest = PROVISIONING_TEMPLATE_BODY
            .replace("${ProvisioningTemplateName}", &"n".repeat(36))
            .replace("${VehiclePolicyName}", &"n".repeat(128));
        assert!(longest.len() <= 10_240, "{} characters", longest.len());
    }

    #[test]
    fn the_provisioning_template_does_what_vehicles_of_cms_expect() {
        let body: serde_json::Value = serde_json::from_str(PROVISIONING_TEMPLATE_BODY).expect("it is JSON");
        let parameters: Vec<_> = body["Parameters"].as_object().expect("an object").keys().collect();
        assert_eq!(parameters, ["AWS::IoT::Certificate::Id", "vin"]);
        let thing = &body["Resources"]["thing"];
        assert_eq!(thing["Properties"]["ThingName"]["Fn::Join"][1][0], "Vehicle_");
        assert_eq!(
            thing["OverrideSettings"],
            serde_json::json!({"AttributePayload": "MERGE", "ThingTypeName": "REPLACE", "ThingGroups": "DO_NOTHING"})
        );
        let attributes: Vec<_> =
            thing["Properties"]["AttributePayload"].as_object().expect("an object").keys().collect();
        assert_eq!(attributes, ["certificate_id", "provisioned_by_template", "vin"]);
        let certificate = &body["Resources"]["certificate"];
        assert_eq!(certificate["Properties"]["Status"], "Active");
        assert_eq!(certificate["OverrideSettings"]["Status"], "REPLACE");
        assert_eq!(body["Resources"]["policy"]["Properties"]["PolicyName"], "${VehiclePolicyName}");
    }

    /// Weakness 15 of the module before: the claim policy refused the vehicles that bring a signing request.
    #[test]
    fn the_claim_policy_covers_both_ways_to_a_certificate_and_registration_and_nothing_else() {
        let policy = resource("ClaimPolicy");
        for kind in ["topic", "topicfilter"] {
            let topics: Vec<_> = policy
                .lines()
                .filter_map(|line| line.split_once(&format!(":{kind}/")))
                .map(|(_, topic)| topic.trim_end_matches('"'))
                .collect();
            assert_eq!(
                topics,
                [
                    "$aws/certificates/create/*",
                    "$aws/certificates/create-from-csr/*",
                    "$aws/provisioning-templates/${AppUniqueId}--provisioning-template/provision/*",
                ]
            );
        }
    }

    /// Weakness 8 of the module before: vehicles could subscribe to every topic of the account.
    #[test]
    fn a_vehicle_may_use_its_own_topics_and_no_other() {
        let policy: serde_json::Value = serde_json::from_str(crate::VEHICLE_POLICY).expect("it is JSON");
        let statements = policy["Statement"].as_array().expect("a list");
        let resources: Vec<_> = statements
            .iter()
            .flat_map(|statement| match &statement["Resource"] {
                serde_json::Value::Array(resources) => resources.iter().collect(),
                one => vec![one],
            })
            .filter_map(|resource| {
                resource.as_str()?.strip_prefix("arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:")
            })
            .collect();
        assert_eq!(
            resources,
            [
                "client/${iot:Connection.Thing.ThingName}",
                // CMS vehicles report to exactly this topic.
                "topic/vehicleactive/",
                "topic/vehicleactive/${iot:Connection.Thing.ThingName}",
                "topic/${VehicleTopicRoot}/${iot:Connection.Thing.ThingName}/*",
                "topicfilter/${VehicleTopicRoot}/${iot:Connection.Thing.ThingName}/*",
                "topic/${VehicleTopicRoot}/${iot:Connection.Thing.ThingName}/*",
            ]
        );
        let attached = serde_json::json!({ "Bool": { "iot:Connection.Thing.IsAttached": ["true"] } });
        assert_eq!(statements[0]["Condition"], attached);
    }

    #[test]
    fn data_and_what_vehicles_hold_outlive_the_stack_and_nothing_else_does() {
        let template = rendered_template();
        let mut kept = Vec::new();
        let mut resource = "";
        for line in template.lines() {
            if let Some(name) = line.strip_prefix("  ").filter(|line| !line.starts_with(' ')) {
                resource = name.trim_end_matches(':');
            }
            if line.trim() == "DeletionPolicy: Retain" {
                kept.push(resource);
            }
        }
        assert_eq!(
            kept,
            [
                "DataKey",
                "AuthorizedVehicles",
                "ProvisionedVehicles",
                "ProvisioningAttempts",
                "OperatorActions",
                "ClaimCertificates",
                "VehiclePolicy",
                "VehicleThingType"
            ]
        );
    }

    #[test]
    fn every_table_is_encrypted_with_the_stacks_key_and_restorable() {
        for table in [
            "AuthorizedVehicles",
            "ProvisionedVehicles",
            "ProvisioningAttempts",
            "OperatorActions",
            "ClaimCertificates",
        ] {
            let table = resource(table);
            assert!(table.contains("KMSMasterKeyId: !GetAtt DataKey.Arn"));
            assert!(table.contains("PointInTimeRecoveryEnabled: true"));
            assert!(table.contains("BillingMode: PAY_PER_REQUEST"));
        }
    }

    #[test]
    fn whoever_may_invoke_a_function_is_named_by_account_and_arn() {
        let template = rendered_template();
        let permissions: Vec<_> = template.split("Type: AWS::Lambda::Permission").skip(1).collect();
        assert!(permissions.len() >= 7, "{}", permissions.len());
        for permission in permissions {
            let permission = permission.split("\n\n").next().unwrap_or_default();
            let (account, arn) =
                (permission.contains("SourceAccount: !Ref AWS::AccountId"), permission.contains("SourceArn: !"));
            let known = match permission {
                permission if permission.contains("Principal: secretsmanager.amazonaws.com") => account,
                permission if permission.contains("Principal: events.amazonaws.com") => arn,
                _ => account && arn,
            };
            assert!(known, "{permission}");
        }
    }

    /// Weakness 16 of the module before: the hook waited in a VPC for a minute that IoT Core does not give it, unwatched.
    #[test]
    fn the_hook_takes_no_longer_than_iot_core_waits_and_its_failures_raise_an_alarm() {
        let hook = resource("PreProvisioningHook");
        assert!(hook.contains("Timeout: 5\n"), "{hook}");
        for (alarm, metric) in [("PreProvisioningHookErrors", "Errors"), ("PreProvisioningHookSlow", "Duration")] {
            let alarm = resource(alarm);
            assert!(alarm.contains(&format!("MetricName: {metric}")) && alarm.contains("!Ref PreProvisioningHook"));
        }
    }

    /// The logical ids of resources of a type.
    fn resources_of(kind: &str) -> Vec<String> {
        let template = rendered_template();
        let lines: Vec<&str> = template.lines().collect();
        let named = lines.windows(2).filter(|pair| pair[1] == format!("    Type: {kind}"));
        named.map(|pair| pair[0].trim().trim_end_matches(':').to_owned()).collect()
    }

    #[test]
    fn functions_are_in_a_vpc_and_may_use_network_interfaces_exactly_when_subnets_are_named() {
        for function in resources_of("AWS::Lambda::Function") {
            let function = resource(&function);
            assert!(function.contains("VpcConfig: !If [InVpc, { SubnetIds: !Ref VpcSubnetIds, SecurityGroupIds: "));
            let role =
                function.lines().find_map(|line| line.trim().strip_prefix("Role: !GetAtt ")?.strip_suffix(".Arn"));
            let role = resource(role.expect("a role"));
            assert!(role.contains(", !If [InVpc, !Ref UseVpc, !Ref \"AWS::NoValue\"]]"), "{role}");
        }
        assert!(resource("UseVpc").contains("Condition: InVpc\n"));
        assert_eq!(
            rendered_template().matches("ec2:CreateNetworkInterface").count(),
            2,
            "in UseVpc, and denied to code"
        );
    }

    #[test]
    fn every_function_raises_an_alarm_when_it_fails_or_is_not_started() {
        for function in resources_of("AWS::Lambda::Function") {
            for (metric, alarm) in [("Errors", "Errors"), ("Throttles", "Throttles")] {
                // A deployment that is not started is a deployment that fails, and says so.
                if (function.as_str(), metric) == ("Deployment", "Throttles") {
                    continue;
                }
                let alarm = resource(&format!("{function}{alarm}"));
                assert!(alarm.contains(&format!("MetricName: {metric}\n")), "{alarm}");
                assert!(alarm.contains(&format!("Value: !Ref {function} }}")), "{alarm}");
            }
        }
    }

    #[test]
    fn every_alarm_says_what_to_do_and_tells_the_topic_when_it_begins_and_ends() {
        for name in resources_of("AWS::CloudWatch::Alarm") {
            let alarm = resource(&name);
            assert!(
                alarm.contains("AlarmActions: !If [HasAlarmTopic") && alarm.contains("OKActions: !If [HasAlarmTopic")
            );
            let (_, description) = alarm.split_once("AlarmDescription:").expect("a description");
            let description = description.split("      Namespace:").next().unwrap_or_default();
            let advice =
                ["Look ", "look ", "give that ", "Raise ", "raise ", "slow down", "the function's log says why"];
            assert!(advice.iter().any(|advice| description.contains(advice)), "{name}: {description}");
        }
    }

    #[test]
    fn what_alarms_count_in_logs_is_what_filters_put_there() {
        let alarms: Vec<_> = resources_of("AWS::CloudWatch::Alarm").iter().map(|name| resource(name)).collect();
        let filters: Vec<_> = resources_of("AWS::Logs::MetricFilter").iter().map(|name| resource(name)).collect();
        let own = "!Sub \"VehicleProvisioning/${AppUniqueId}\"";
        for alarm in alarms.iter().filter(|alarm| alarm.contains(own)) {
            let metric = alarm.lines().find_map(|line| line.trim().strip_prefix("MetricName: ")).expect("a metric");
            assert!(filters.iter().any(|filter| filter.contains(&format!("MetricName: {metric},"))), "{metric}");
        }
        assert!(filters.iter().all(|filter| filter.contains(own)));
    }

    #[test]
    fn every_function_has_code_a_role_and_a_log_that_ends() {
        let template = rendered_template();
        for function in crate::FUNCTIONS {
            assert!(template.contains(&format!("S3Key: !Ref {}", function.code_key_parameter)));
            assert!(
                template.contains(&format!("LogGroupName: !Sub \"/aws/lambda/${{AppUniqueId}}-{}\"", function.name))
            );
        }
        assert_eq!(template.matches("Runtime: provided.al2023").count(), crate::FUNCTIONS.len());
        assert_eq!(template.matches("RetentionInDays: !Ref LogRetentionDays").count(), crate::FUNCTIONS.len());
        assert_eq!(template.matches("Role: !GetAtt ").count(), crate::FUNCTIONS.len());
    }
}
