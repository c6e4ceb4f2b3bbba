//! Who makes a vehicle's key pair.

use crate::{Credentials, VehicleError, VehicleKey};

/// Where the private key of the new certificate comes from.
#[derive(Debug, Clone, Default)]
pub enum Keys {
    /// The vehicle makes it and it never leaves: only a certificate signing request goes out. AWS recommends this.
    #[default]
    MadeByVehicle,
    /// The vehicle has it already, and it never leaves either.
    Existing(VehicleKey),
    /// AWS makes it and sends it with the certificate, once. For claims whose policy does not cover requests.
    MadeByAws,
}

impl Keys {
    /// The key to ask with; `None` where AWS is to make it. `make` is called where the vehicle has none yet.
    pub(crate) fn own(
        &self,
        make: impl FnOnce() -> Result<VehicleKey, VehicleError>,
    ) -> Result<Option<VehicleKey>, VehicleError> {
        Ok(match self {
            Self::MadeByVehicle => Some(make()?),
            Self::Existing(key) => Some(key.clone()),
            Self::MadeByAws => None,
        })
    }

    /// Whether a certificate of an earlier attempt serves this one. It does, whoever made its key, because it may be
    /// registered already; but where a certain key is asked for, no other will do.
    pub(crate) fn may_be(&self, credentials: &Credentials) -> bool {
        match self {
            Self::Existing(key) => credentials.public_key_der() == Some(key.public_key_der()),
            Self::MadeByVehicle | Self::MadeByAws => true,
        }
    }
}
