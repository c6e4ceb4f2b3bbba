//! Who and what the edge refuses before it says a word to AWS.

use std::time::{Duration, SystemTime};

use aws::{Transport, TransportError};
use edge::{Deployment, answer};
use shared::api::{ApiError, CertificateAction, Route};
use shared::{CertificateId, ClaimCertificateId, ReceiptId};

/// A way to AWS that nobody may take.
struct Forbidden;

impl Transport for Forbidden {
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        panic!("AWS was asked: {}", request.uri())
    }

    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    async fn pause(&self, _duration: Duration) {}
}

fn deployment(operator: Option<&str>) -> Deployment<Forbidden> {
    let setting = |name: &str| match name {
        "LOCAL_OPERATOR" => operator.map(str::to_owned),
        "VIN_PATTERN" => None,
        _ if name.starts_with("AWS_ENDPOINT_URL") => None,
        name => Some(format!("a-{name}")),
    };
    Deployment::read(Forbidden, setting, |_| {}).expect("a whole configuration")
}

fn ask(deployment: &Deployment<Forbidden>, request: http::request::Builder, body: &[u8]) -> ApiError {
    let request = request.body(body.to_vec()).expect("a request");
    let response = futures::executor::block_on(answer(deployment, request));
    let error: ApiError = serde_json::from_slice(response.body()).expect("an error");
    assert_eq!(response.status(), error.status());
    assert_eq!(response.headers()["cache-control"], "no-store");
    error
}

fn routes() -> Vec<Route> {
    let vin = || "1HGCM82633A004352".to_owned();
    let id = CertificateId::try_from("a".repeat(64)).expect("an id");
    let mut routes = vec![
        Route::Session,
        Route::Vehicles(Default::default()),
        Route::Authorize,
        Route::Vehicle(vin()),
        Route::Reprovision(vin()),
        Route::Receipts(vin(), None),
        Route::Receipt(vin(), ReceiptId::from_stored("2026-11-23T10:00:00.000000000Z#-".to_owned())),
        Route::Claims,
        Route::CreateClaim,
        Route::ClaimNames,
        Route::SelfCheck,
        Route::ClaimReach(ClaimCertificateId(id.clone()), None),
        Route::BurnClaim(ClaimCertificateId(id.clone())),
        Route::RotateClaim(ClaimCertificateId(id.clone())),
        Route::Attempts(Default::default()),
    ];
    routes.extend(CertificateAction::ALL.map(|action| Route::Certificate(vin(), id.clone(), action)));
    routes
}

#[test]
fn without_a_configured_operator_every_route_is_refused() {
    for route in routes() {
        let request = http::Request::builder().method(route.method().as_str()).uri(route.path());
        assert_eq!(ask(&deployment(None), request, b"{}"), ApiError::NotSignedIn, "{route:?}");
    }
    let unknown = http::Request::get("/api/nothing");
    assert_eq!(ask(&deployment(None), unknown, b""), ApiError::NotSignedIn, "strangers learn no routes");
}

#[test]
fn what_is_no_route_is_not_found() {
    let operator = deployment(Some("an operator"));
    for request in [
        http::Request::get("/api/nothing"),
        http::Request::delete("/api/vehicles"),
        http::Request::get("/api/vehicles?standing=asleep"),
        http::Request::post("/api/vehicles/1HGCM82633A004352/certificates/xyz/revoke"),
    ] {
        assert_eq!(ask(&operator, request, b""), ApiError::NoSuchRoute);
    }
}

#[test]
fn actions_of_other_sites_are_refused() {
    let operator = deployment(Some("an operator"));
    let post = || http::Request::post(Route::Authorize.path()).header("host", "console.example");
    let json = "application/json";
    for request in [
        post(),
        post().header("content-type", "text/plain"),
        post().header("content-type", json).header("origin", "https://elsewhere.example"),
        post().header("content-type", json).header("origin", "null"),
        post().header("content-type", json).header("sec-fetch-site", "same-site"),
    ] {
        assert_eq!(ask(&operator, request, b"{}"), ApiError::ForeignOrigin);
    }
    let own = post().header("content-type", json).header("origin", "https://console.example");
    assert!(matches!(ask(&operator, own, b"{}"), ApiError::InvalidRequest { .. }));
}

#[test]
fn a_body_that_cannot_be_read_says_where() {
    let operator = deployment(Some("an operator"));
    for body in [&b""[..], b"null", b"[]", b"{\"vin\":7}", b"{", b"\xFF", b"{\"vin\":\"\",\"extra\":1}"] {
        let request = http::Request::post(Route::Authorize.path()).header("content-type", "application/json");
        assert!(matches!(ask(&operator, request, body), ApiError::InvalidRequest { .. }), "{body:?}");
    }
}

#[test]
fn a_missing_setting_is_named() {
    let missing = |absent: &'static str| {
        let setting = move |name: &str| (name != absent && !name.starts_with("VIN")).then(|| name.to_owned());
        Deployment::read(Forbidden, setting, |_| {}).err().expect("a problem")
    };
    for name in ["AWS_REGION", "AWS_SECRET_ACCESS_KEY", "PROVISIONED_VEHICLES_TABLE_NAME", "CLAIM_POLICY_NAME"] {
        assert!(missing(name).contains(name), "{}", missing(name));
    }
}

#[test]
fn what_a_body_says_is_repeated_neither_in_the_answer_nor_in_the_log() {
    let operator = deployment(Some("an operator"));
    for body in [
        r#"{"reason":"r","source":"-----BEGIN PRIVATE KEY----- hush"}"#,
        r#"{"reason":{"-----BEGIN PRIVATE KEY----- hush":1}}"#,
        r#"{"hush":"-----BEGIN PRIVATE KEY-----"}"#,
        r#""hush""#,
    ] {
        let request = http::Request::post("/api/vehicles/1HGCM82633A004352/certificates");
        let error = ask(&operator, request.header("content-type", "application/json"), body.as_bytes());
        let ApiError::InvalidRequest { problem } = &error else { panic!("{error:?}") };
        assert!(problem.contains("line 1, column"), "{problem}");
        assert!(!error.to_string().contains("hush") && !problem.contains("PRIVATE"), "{problem}");
    }
}
