//! An operator makes a VIN known.

use shared::{ClaimCertificateId, Timestamp};

use crate::{Authorization, Effect, ExpectedClaim, VehicleFacts};

/// Authorizes a VIN, or corrects what is known of it and opens its door again. A vehicle that was ever live still needs a
/// ticket, so this never lets anybody take one over.
///
/// `expected_claim` is the claim certificate that it is to come with, where somebody says so; a vehicle that was ever live
/// has come already.
pub fn authorize(
    facts: &VehicleFacts,
    (make, model, year): (&str, &str, &str),
    expected_claim: Option<ClaimCertificateId>,
    operator: &str,
    at: Timestamp,
) -> Vec<Effect> {
    let expected_claim = expected_claim.filter(|_| !facts.was_ever_live()).map(|id| ExpectedClaim {
        id,
        in_place_of: facts.admitted().cloned(),
        previous_never_registered: facts.admitted_never_registered(),
    });
    vec![Effect::AuthorizeVehicle(Authorization {
        vin: facts.vin.clone(),
        make: make.trim().to_owned(),
        model: model.trim().to_owned(),
        year: year.trim().to_owned(),
        expected_claim,
        by: operator.to_owned(),
        at,
    })]
}
