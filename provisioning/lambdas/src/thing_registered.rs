//! AWS IoT Core tells that a thing was made or changed.

use provisioning_rules::after_registration;
use serde_json::Value;
use shared::{CertificateId, ThingName};

use crate::settle::settle;
use crate::{Environment, Failure, log};

/// Settles the vehicle on the certificate its thing names. Events of other things, and deletions, are none of ours.
pub async fn thing_registered(environment: &Environment, event: &Value) -> Result<Value, Failure> {
    let text = |value: &Value| value.as_str().map(str::to_owned).unwrap_or_default();
    let thing_name = text(&event["thingName"]);
    let attributes = &event["attributes"];
    let ignored = |why: &str| {
        log::info("ignored", &[("why", why.to_owned()), ("thing_name", thing_name.clone())]);
        Ok(Value::Null)
    };
    if event["operation"] == "DELETED" {
        return ignored("the thing was deleted");
    }
    if text(&attributes["provisioned_by_template"]) != environment.provisioning_template {
        return ignored("the thing was not made by this deployment's provisioning template");
    }
    let Some(vin) = ThingName::vin_in(&thing_name) else {
        return ignored("the thing's name holds no VIN");
    };
    let Ok(certificate_id) = CertificateId::try_from(text(&attributes["certificate_id"])) else {
        return ignored("the thing names no certificate");
    };
    settle(environment, &vin, &certificate_id, after_registration).await?;
    Ok(Value::Null)
}
