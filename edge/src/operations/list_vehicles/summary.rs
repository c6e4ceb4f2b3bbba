use provisioning_rules::{VehicleFacts, current_certificate, standing};
use shared::api::VehicleSummary;
use shared::{AuthorizedVehicle, ProvisionedVehicle, Timestamp};

/// One vehicle in a list.
pub(super) fn summary(facts: &VehicleFacts, now: Timestamp) -> VehicleSummary {
    let current = current_certificate(facts);
    let either = |authorized: fn(&AuthorizedVehicle) -> &Option<String>,
                  row: fn(&ProvisionedVehicle) -> &Option<String>| {
        let of_authorization = facts.authorized.as_ref().and_then(|vehicle| authorized(vehicle).clone());
        of_authorization.or_else(|| current.and_then(|certificate| row(certificate).clone()))
    };
    // What an existing deployment writes for want of an authorization is no make.
    let real = |text: Option<String>| text.filter(|text| text != ProvisionedVehicle::NOT_AUTHORIZED_MAKE);
    VehicleSummary {
        vin: facts.vin.clone(),
        make: real(either(|vehicle| &vehicle.make, |row| &row.make)),
        model: real(either(|vehicle| &vehicle.model, |row| &row.model)),
        year: real(either(|vehicle| &vehicle.year, |row| &row.year)),
        standing: standing(facts, now),
        certificate_status: current.map(|row| row.certificate_status),
        provisioned_at: current.and_then(|row| row.registered_at.or(row.admitted_at)),
    }
}
