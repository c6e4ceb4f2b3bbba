//! RegisterThing: the certificate becomes a vehicle's, if the pre-provisioning hook allows it.

use serde_json::json;

use crate::request::{request, text_field};
use crate::{ProvisioningRequest, Session, VehicleError};

/// Registers the certificate the token stands for; answers with the name of the thing.
pub(crate) async fn register_thing(
    session: &mut Session,
    wanted: &ProvisioningRequest,
    ownership_token: &str,
) -> Result<String, VehicleError> {
    let step = format!("registering vehicle {}", wanted.vin);
    let topic = format!("$aws/provisioning-templates/{}/provision/json", wanted.template_name.as_str());
    let body = json!({"certificateOwnershipToken": ownership_token, "parameters": {"vin": wanted.vin}});
    let answer = request(session, &step, &topic, &body).await?;
    text_field(&step, &answer, "thingName")
}
