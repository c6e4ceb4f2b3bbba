//! A request to the fleet provisioning API and its answer, over MQTT topics.

use serde_json::Value;

use crate::{Session, VehicleError};

/// Publishes `body` to `topic` and returns what arrives on `topic/accepted`; what arrives on `topic/rejected`
/// becomes an error.
pub(crate) async fn request(
    session: &mut Session,
    step: &str,
    topic: &str,
    body: &Value,
) -> Result<Value, VehicleError> {
    let accepted = format!("{topic}/accepted");
    let rejected = format!("{topic}/rejected");
    let filters = [accepted.clone(), rejected.clone()];
    session.step(&format!("subscribing before {step}"), async |session| session.subscribe(&filters).await).await?;
    let payload = body.to_string().into_bytes();
    let answer = session
        .step(step, async |session| {
            session.publish(topic, payload).await?;
            loop {
                let message = session.next_message().await?;
                if message.topic == *accepted || message.topic == *rejected {
                    return Ok(message);
                }
            }
        })
        .await?;
    let body: Value = serde_json::from_slice(&answer.payload)
        .map_err(|_| VehicleError::BrokenAnswer { step: step.into(), reason: "it is not JSON".into() })?;
    if answer.topic == *accepted { Ok(body) } else { Err(rejection(step, &body)) }
}

/// The text field of an accepted answer, or the error that names it.
pub(crate) fn text_field(step: &str, answer: &Value, name: &str) -> Result<String, VehicleError> {
    answer
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .map(String::from)
        .ok_or_else(|| VehicleError::BrokenAnswer { step: step.into(), reason: format!("it has no {name}") })
}

fn rejection(step: &str, body: &Value) -> VehicleError {
    let step = String::from(step);
    let Some(status) = body.get("statusCode").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok()) else {
        return VehicleError::BrokenAnswer { step, reason: "the rejection has no statusCode".into() };
    };
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or("(not given)").to_owned();
    let (code, message) = (text("errorCode"), text("errorMessage"));
    // AWS IoT also rejects with 400 when it is throttled or when the hook itself failed: no verdict on the vehicle.
    let no_verdict = code == "InvocationError" || code.contains("Throttl") || message.contains("ThrottlingException");
    if status == 429 || status >= 500 || no_verdict {
        return VehicleError::Busy { step, reason: format!("{code} ({status}) {message}") };
    }
    VehicleError::ProvisioningDenied { step, status, code, message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_rejection_is_final_unless_the_other_side_is_busy() {
        let denied = rejection("x", &json!({"statusCode": 403, "errorCode": "AccessDenied", "errorMessage": "no"}));
        assert!(matches!(denied, VehicleError::ProvisioningDenied { status: 403, .. }), "{denied}");
        for status in [429, 500, 503] {
            let busy = rejection("x", &json!({"statusCode": status, "errorCode": "Throttled"}));
            assert!(matches!(busy, VehicleError::Busy { .. }), "{busy}");
        }
    }

    #[test]
    fn throttling_and_a_failing_hook_are_no_verdict_on_the_vehicle() {
        for (code, message) in [
            ("InvocationError", "A failure occurred while invoking the provisioning hook."),
            ("Throttled", "Rate exceeded"),
            ("ProvisioningFailed", "Rate exceeded (Service: AWSIot; Error Code: ThrottlingException)"),
        ] {
            let body = json!({"statusCode": 400, "errorCode": code, "errorMessage": message});
            assert!(matches!(rejection("x", &body), VehicleError::Busy { .. }), "{code}");
        }
    }

    #[test]
    fn a_rejection_without_a_status_is_not_guessed_at() {
        assert!(matches!(rejection("x", &json!({})), VehicleError::BrokenAnswer { .. }));
        assert!(matches!(rejection("x", &json!([1])), VehicleError::BrokenAnswer { .. }));
    }

    #[test]
    fn a_missing_field_of_an_answer_is_named() {
        let error = text_field("x", &json!({"thingName": ""}), "thingName").unwrap_err();
        assert!(error.to_string().contains("thingName"), "{error}");
    }
}
