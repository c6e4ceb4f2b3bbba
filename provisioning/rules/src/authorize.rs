//! An operator makes a VIN known.

use shared::{Timestamp, Vin};

use crate::{Authorization, Effect};

/// Authorizes a VIN, or corrects what is known of it and opens its door again. A vehicle that was ever live still needs a
/// ticket, so this never lets anybody take one over.
pub fn authorize(vin: Vin, make: &str, model: &str, year: &str, operator: &str, at: Timestamp) -> Vec<Effect> {
    vec![Effect::AuthorizeVehicle(Authorization {
        vin,
        make: make.trim().to_owned(),
        model: model.trim().to_owned(),
        year: year.trim().to_owned(),
        by: operator.to_owned(),
        at,
    })]
}
