//! What the console's API may do. It tries that itself on its own page; here IAM is asked.

use std::collections::BTreeMap;

use aws::{Aws, CONSOLE_NEEDS, Probe, Transport};
use provisioning_rules::{PermissionFacts, check_permissions};
use shared::Check;

use super::{Deployed, unchecked};
use crate::iam;

const NAME: &str = "Permissions of the console";

pub(super) async fn check_console<T: Transport>(aws: &Aws<T>, deployed: &Deployed) -> Check {
    let user = &deployed.outputs.console_user_name;
    let mut by_resource: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for probe in CONSOLE_NEEDS {
        by_resource.entry(resource_of(*probe, deployed)).or_default().push(probe.action());
    }
    let mut facts = PermissionFacts { tried: CONSOLE_NEEDS.len(), ..PermissionFacts::default() };
    for (resource, actions) in by_resource {
        let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
        match iam::refused_actions(aws, &deployed.iam_arn(&format!("user/{user}")), &resource, &actions).await {
            Ok(refused) => facts.refused.extend(
                refused.into_iter().map(|action| (format!("{action} on {resource}"), "by IAM's simulation".to_owned())),
            ),
            Err(error) if error.code() == Some("NoSuchEntity") => {
                let found = format!("There is no user {user}: the console cannot reach AWS.");
                return Check::failed(
                    NAME,
                    found,
                    "Run `deploy down` and `deploy up`, and `deploy console-key` after it.",
                );
            }
            Err(error) => return unchecked(NAME, &error),
        }
    }
    check_permissions(NAME, &format!("the user {user}"), &facts)
}

/// Something that the call could be about.
fn resource_of(probe: Probe, deployed: &Deployed) -> String {
    let tables = deployed.tables();
    match probe {
        Probe::QueryIndex(table, index) => {
            deployed.arn("dynamodb", &format!("table/{}/index/{index}", table.name_in(&tables)))
        }
        Probe::GetItem(table)
        | Probe::BatchGetItem(table)
        | Probe::Query(table)
        | Probe::Scan(table)
        | Probe::DescribeTable(table)
        | Probe::PutItem(table)
        | Probe::UpdateItem(table)
        | Probe::ConditionCheckItem(table) => deployed.arn("dynamodb", &format!("table/{}", table.name_in(&tables))),
        Probe::InvokeClaims => deployed.arn("lambda", &format!("function:{}", deployed.outputs.claims_function)),
        Probe::GetConnection | Probe::DeleteConnection => deployed.arn("iot", "client/Vehicle_1"),
        Probe::UpdateThing | Probe::DescribeThing => deployed.arn("iot", "thing/Vehicle_1"),
        Probe::DescribeCertificate
        | Probe::UpdateCertificate
        | Probe::DeleteCertificate
        | Probe::AttachPolicy
        | Probe::DetachPolicy
        | Probe::ListAttachedPolicies
        | Probe::AttachThingPrincipal
        | Probe::DetachThingPrincipal => deployed.arn("iot", &format!("cert/{}", "0".repeat(64))),
        _ => "*".to_owned(),
    }
}
