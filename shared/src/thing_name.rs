//! The name under which AWS IoT knows a vehicle.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Vin;

const PREFIX: &str = "Vehicle_";

/// `Vehicle_<VIN>`: the thing of a vehicle, and the MQTT client id it connects with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ThingName(String);

impl ThingName {
    /// The name of this vehicle's thing.
    pub fn of(vin: &Vin) -> Self {
        ThingName(format!("{PREFIX}{vin}"))
    }

    /// The VIN in a thing's name, or `None` where the thing is none of ours.
    pub fn vin_in(name: &str) -> Option<Vin> {
        Vin::try_from(name.strip_prefix(PREFIX)?.to_owned()).ok()
    }

    /// The name as AWS IoT spells it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ThingName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
