//! The console's own addresses. The page that shows the answer to `/api/x?y` is at `/x?y`, so that routes and their
//! parameters are written once, in `shared`.

use leptos::prelude::*;
use leptos_router::hooks::use_url;
use shared::{
    ClaimCertificateId, Vin,
    api::{AttemptsQuery, Method, Route, VehiclesQuery},
};

/// The page that shows what this route answers.
pub fn address(route: &Route) -> String {
    let path = route.path();
    path.strip_prefix("/api").unwrap_or(&path).to_owned()
}

/// The page of one vehicle.
pub fn of_vehicle(vin: &Vin) -> String {
    address(&Route::Vehicle(vin.as_str().to_owned()))
}

/// The page on which a certificate is issued to this vehicle.
pub fn of_issuing(vin: &Vin) -> String {
    format!("{}/issue", of_vehicle(vin))
}

/// The page of one claim certificate.
pub fn of_claim(claim: &ClaimCertificateId) -> String {
    format!("{}/{claim}", address(&Route::Claims))
}

/// The list of the vehicles that this claim certificate let in.
pub fn of_vehicles_by(claim: &ClaimCertificateId) -> String {
    address(&Route::Vehicles(VehiclesQuery { claim: Some(claim.clone()), ..VehiclesQuery::default() }))
}

/// The list of the attempts made with this claim certificate.
pub fn of_attempts_by(claim: &ClaimCertificateId) -> String {
    address(&Route::Attempts(AttemptsQuery { claim: Some(claim.clone()), ..AttemptsQuery::default() }))
}

/// What the address of the vehicles page asks for; `None` where it was edited into something that no list has.
pub fn vehicles_query() -> Memo<Option<VehiclesQuery>> {
    query_of("/vehicles", |route| match route {
        Route::Vehicles(query) => Some(query),
        _ => None,
    })
}

/// What the address of the attempts page asks for; `None` where it was edited into something that no list has.
pub fn attempts_query() -> Memo<Option<AttemptsQuery>> {
    query_of("/attempts", |route| match route {
        Route::Attempts(query) => Some(query),
        _ => None,
    })
}

fn query_of<Query>(path: &'static str, read: fn(Route) -> Option<Query>) -> Memo<Option<Query>>
where
    Query: Clone + PartialEq + Send + Sync + 'static,
{
    let url = use_url();
    Memo::new(move |before: Option<&Option<Query>>| {
        url.with(|url| match before {
            // On the way to another page the address changes first: this page keeps its own until it is gone.
            Some(before) if url.path() != path => before.clone(),
            _ => parse(path, url.search()).and_then(read),
        })
    })
}

/// Reads a console address's path and query as the route whose answer it shows.
fn parse(path: &str, search: &str) -> Option<Route> {
    Route::parse(Method::Get.as_str(), &format!("/api{path}"), Some(search))
}

#[cfg(test)]
mod tests {
    use shared::{AttemptOutcome, DenialReason, VehicleStanding, api::Cursor};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn every_list_reads_back_from_its_own_address() {
        let claim = Some(ClaimCertificateId("ab".repeat(32).try_into().unwrap()));
        let cursor = Some(Cursor("é=&?#/ +%".to_owned()));
        for route in [
            Route::Vehicles(VehiclesQuery {
                prefix: Some("1hg cm+&=".to_owned()),
                standing: Some(VehicleStanding::OnHold),
                claim: claim.clone(),
                cursor: cursor.clone(),
            }),
            Route::Attempts(AttemptsQuery {
                outcome: Some(AttemptOutcome::Denied(DenialReason::TicketUsed)),
                claim,
                cursor,
            }),
            Route::Claims,
        ] {
            let address = address(&route);
            assert!(!address.starts_with("/api"), "{address}");
            let (path, search) = address.split_once('?').unwrap_or((&address, ""));
            assert_eq!(parse(path, search), Some(route));
        }
    }

    #[wasm_bindgen_test]
    fn a_filter_that_no_list_has_is_no_address() {
        assert_eq!(parse("/vehicles", "standing=asleep"), None);
        assert_eq!(parse("/attempts", "claim=abc"), None);
    }
}
