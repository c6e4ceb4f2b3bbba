//! The first thing a provisioned vehicle does: connect under its own certificate and say so.

use serde_json::json;

use crate::{Endpoint, Identity, Session, VehicleError};

/// The topic vehicles of CMS report on. The empty last level is part of it.
const VEHICLE_ACTIVE: &str = "vehicleactive/";

/// Connects as the thing, reports the vehicle active, waits until the broker has the message, disconnects.
pub async fn report_active(endpoint: &Endpoint, identity: &Identity) -> Result<(), VehicleError> {
    connect_and_report(endpoint, identity).await?.close().await;
    Ok(())
}

/// The same, but stays connected: the caller keeps the session.
pub async fn connect_and_report(endpoint: &Endpoint, identity: &Identity) -> Result<Session, VehicleError> {
    let mut session = Session::open(endpoint, &identity.credentials, &identity.client_id()?).await?;
    let report = json!({"vin": identity.vin, "certificate_id": identity.certificate_id}).to_string().into_bytes();
    session.step("reporting active", async |session| session.publish(VEHICLE_ACTIVE, report).await).await?;
    Ok(session)
}
