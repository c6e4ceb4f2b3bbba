//! The role in which AWS IoT registers vehicles. Nobody but AWS IoT can act in it, so IAM is asked what it allows.

use aws::{Aws, Transport};
use shared::Check;

use super::{Deployed, unchecked};
use crate::iam;

const NAME: &str = "Role that registers vehicles";

pub(super) async fn check_provisioning_role<T: Transport>(aws: &Aws<T>, deployed: &Deployed) -> Check {
    let Some(role) = deployed.resource("ProvisioningRole") else {
        return Check::failed(NAME, "The stack has no such role.", "Run `deploy up`.");
    };
    let trust = match iam::trust_policy(aws, role).await {
        Ok(Some(trust)) => trust,
        Ok(None) => {
            let found = format!("The role {role} is gone: no vehicle can register.");
            return Check::failed(NAME, found, "Run `deploy down` and `deploy up`: tables remain.");
        }
        Err(error) => return unchecked(NAME, &error),
    };
    if !trusts(&trust, "iot.amazonaws.com") {
        return Check::failed(
            NAME,
            format!("AWS IoT may not take on the role {role}: no vehicle can register."),
            format!("Let iot.amazonaws.com assume it: aws iam update-assume-role-policy --role-name {role}"),
        );
    }
    let (thing, certificate) =
        (deployed.arn("iot", "thing/Vehicle_1"), deployed.arn("iot", &format!("cert/{}", "0".repeat(64))));
    let needed: [(&str, &[&str]); 2] = [
        (&thing, &["iot:CreateThing", "iot:UpdateThing", "iot:AttachThingPrincipal", "iot:DescribeThing"]),
        (
            &certificate,
            &["iot:AttachThingPrincipal", "iot:UpdateCertificate", "iot:AttachPolicy", "iot:DescribeCertificate"],
        ),
    ];
    let arn = deployed.iam_arn(&format!("role/{role}"));
    let mut refused = Vec::new();
    for (resource, actions) in needed {
        match iam::refused_actions(aws, &arn, resource, actions).await {
            Ok(actions) => refused.extend(actions.into_iter().map(|action| format!("{action} on {resource}"))),
            Err(error) => return unchecked(NAME, &error),
        }
    }
    if refused.is_empty() {
        return Check::passed(
            NAME,
            format!("AWS IoT may take on the role {role}, and it allows what registering takes."),
        );
    }
    Check::failed(
        NAME,
        format!(
            "The role {role} does not allow {}: registering fails after the hook has said yes.",
            refused.join(", ")
        ),
        format!(
            "Give the role {role} its policy back, as the stack's template has it: CloudFormation's drift detection shows it."
        ),
    )
}

/// Whether a trust policy lets a service in.
fn trusts(policy: &serde_json::Value, service: &str) -> bool {
    policy["Statement"].as_array().into_iter().flatten().any(|statement| {
        let principal = &statement["Principal"]["Service"];
        statement["Effect"] == "Allow"
            && (principal == service || principal.as_array().is_some_and(|all| all.iter().any(|one| one == service)))
    })
}
