//! Who a vehicle is once it is provisioned.

use crate::{ClientId, Credentials, VehicleError};

/// A provisioned vehicle's own certificate and name.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The VIN the vehicle provisioned itself with.
    pub vin: String,
    /// AWS IoT's id of the certificate.
    pub certificate_id: String,
    /// The thing the certificate belongs to; the vehicle connects under this name.
    pub thing_name: String,
    /// The certificate and its key.
    pub credentials: Credentials,
}

impl Identity {
    /// The client id to connect under: the thing's name, because the vehicle policy allows no other.
    pub fn client_id(&self) -> Result<ClientId, VehicleError> {
        ClientId::parse(&self.thing_name)
    }
}
