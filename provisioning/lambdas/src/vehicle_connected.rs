//! A vehicle reports on `vehicleactive/` with its own certificate.

use serde_json::Value;
use shared::{CertificateId, ThingName};

use crate::settle::settle;
use crate::{Environment, Failure, log};

/// Records the report under the identity that AWS IoT Core authenticated: `principal` and `client_id` come from the
/// topic rule. What the payload says of itself is compared and otherwise left alone.
pub async fn vehicle_connected(environment: &Environment, event: &Value) -> Result<Value, Failure> {
    let text = |name: &str| event[name].as_str().unwrap_or_default();
    let ignored = |why: &str| {
        log::warn("ignored", &[("why", why.to_owned()), ("client_id", text("client_id").to_owned())]);
        Ok(Value::Null)
    };
    let Some(vin) = ThingName::vin_in(text("client_id")) else {
        return ignored("the client is no vehicle's thing");
    };
    let Ok(certificate_id) = CertificateId::from_principal(text("principal")) else {
        return ignored("the client was not authenticated by a certificate");
    };
    if text("certificate_id") != certificate_id.as_str() {
        log::warn(
            "the payload names another certificate than the connection; the connection's counts",
            &[("vin", vin.to_string()), ("certificate_id", certificate_id.to_string())],
        );
    }
    settle(environment, &vin, &certificate_id, provisioning_rules::vehicle_connected).await?;
    Ok(Value::Null)
}
