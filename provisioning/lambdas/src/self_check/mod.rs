//! A function tries, in its own role, every kind of call that it needs, and changes nothing.
//!
//! Whoever may invoke the function asks for this with exactly `{"selfCheck": true}`. No vehicle can: AWS IoT puts what a
//! vehicle says below members of its own, which are always there, and what else calls a function writes events of another
//! shape.

mod needs;

pub use needs::needs;

use aws::iot::KeysAndCertificate;
use aws::tables::TableNames;
use aws::{Probe, ProbeTargets, Probed, probe};
use futures::{StreamExt, stream};
use serde_json::{Value, json};

use crate::claims::read_claim;
use crate::environment::{aws_from_environment, setting};
use crate::{Failure, log};

/// The pre-provisioning hook has five seconds for all of it.
const AT_ONCE: usize = 6;

/// Whether an event asks for the self-check, and nothing else.
pub fn is_self_check(event: &Value) -> bool {
    *event == json!({ "selfCheck": true })
}

/// Answers `{"probed": [{"call", "outcome"}], "claim": {"certificate_id"} | {"problem"} | null}`. `function_arn` is the
/// function's own.
pub async fn self_check(function: &str, function_arn: &str) -> Result<Value, Failure> {
    let aws = aws_from_environment()?;
    let targets = ProbeTargets {
        tables: TableNames::from_settings(setting)?,
        certificate_arn: ProbeTargets::certificate_arn_beside(function_arn),
        provisioning_template: setting("PROVISIONING_TEMPLATE_NAME"),
        claim_policy: setting("CLAIM_POLICY_NAME"),
        claim_secret: setting("CLAIM_SECRET_NAME"),
        rotate_claim_function: setting("ROTATE_CLAIM_FUNCTION_ARN"),
        claims_function: None,
    };
    let needed = needs(function);
    let calls = needed.iter().map(|call| probe(&aws, &targets, *call));
    let probed: Vec<Probed> = stream::iter(calls).buffered(AT_ONCE).collect().await;
    let claim = match &targets.claim_secret {
        // Only functions that touch keys anyway look into the secret, and what they tell of it is no secret.
        Some(secret) if needed.contains(&Probe::GetSecretValue) => {
            match aws::secrets_manager::get_secret_value(&aws, secret).await {
                Ok(text) => claim_in(secret, &text),
                Err(error) => json!({ "problem": error.to_string() }),
            }
        }
        _ => Value::Null,
    };
    log::info("self-check", &[("calls", probed.len().to_string())]);
    Ok(json!({ "probed": probed, "claim": claim }))
}

/// What can be told of a secret's text.
fn claim_in(secret: &str, text: &str) -> Value {
    match read_claim(secret, text) {
        Ok(claim) if claim.key_fits || !can_compare(text) => json!({ "certificate_id": claim.id }),
        Ok(_) => json!({ "problem": format!("the secret {secret} holds the key of another certificate") }),
        Err(error) => json!({ "problem": error.to_string() }),
    }
}

/// AWS IoT makes RSA keys in a form that is not compared with certificates here; it gave both to us together.
fn can_compare(text: &str) -> bool {
    let key = serde_json::from_str::<KeysAndCertificate>(text).map(|claim| claim.key_pair.private_key);
    key.is_ok_and(|key| !key.trim_start().starts_with("-----BEGIN RSA PRIVATE KEY-----"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_vehicles_request_reaches_the_self_check() {
        let wish = json!({ "selfCheck": true });
        assert!(is_self_check(&wish));
        // What AWS IoT sends to the hook: a vehicle chooses the parameters, and its client id.
        let id = "a".repeat(64);
        let hook = json!({
            "claimCertificateId": id, "certificateId": id, "certificatePem": "...", "templateArn": "...",
            "clientId": "{\"selfCheck\": true}", "parameters": wish
        });
        assert!(!is_self_check(&hook));
        // What the rule makes of a vehicle's report: two members that it always writes, whatever the payload is.
        let report = json!({ "certificate_id": wish, "principal": id, "client_id": "Vehicle_1" });
        assert!(!is_self_check(&report));
        assert!(!is_self_check(&json!({ "principal": id, "client_id": "Vehicle_1" })));
        // What AWS IoT publishes of things and of certificates, Secrets Manager of rotations, a table of its rows.
        let thing = json!({ "eventType": "THING_EVENT", "attributes": wish, "selfCheck": true });
        let rotation = json!({ "Step": "createSecret", "SecretId": "selfCheck", "ClientRequestToken": "true" });
        let rows = json!({ "Records": [{ "dynamodb": { "NewImage": { "selfCheck": { "BOOL": true } } } }] });
        for event in [thing, rotation, rows, json!([wish]), json!({ "selfCheck": "true" }), json!(null)] {
            assert!(!is_self_check(&event), "{event}");
        }
    }

    #[test]
    fn a_topic_rule_gives_no_member_of_a_payload_to_the_function_by_itself() {
        let template = include_str!("../../../deploy/template.yaml");
        let statements: Vec<&str> = template.lines().filter_map(|line| line.trim().strip_prefix("Sql: ")).collect();
        assert_eq!(statements.len(), 3, "{statements:?}");
        for statement in statements {
            // Only AWS IoT itself publishes below `$aws/events/`.
            assert!(!statement.contains('*') || statement.contains("FROM '$aws/events/"), "{statement}");
        }
    }

    #[test]
    fn what_is_told_of_a_secret_shows_nothing_of_it() {
        let told = claim_in("cms/claim", "hush").to_string();
        assert!(told.contains("the secret cms/claim does not hold a claim certificate"), "{told}");
        assert!(!told.contains("hush"), "{told}");
    }
}
