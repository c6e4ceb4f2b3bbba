//! Our signatures are botocore's, byte for byte.

// All of it is test: a panic is the report.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws::{Credentials, Service, sign_request};
use serde::Deserialize;

/// `aws/tests/botocore/make_signatures.py` wrote it.
const CORPUS: &str = include_str!("botocore/signatures.json");

#[derive(Deserialize)]
struct Corpus {
    access_key_id: String,
    secret_access_key: String,
    cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
struct Case {
    service: String,
    region: String,
    time: shared::Timestamp,
    method: String,
    url: String,
    headers: BTreeMap<String, String>,
    body_hex: String,
    session_token: Option<String>,
    signed: BTreeMap<String, String>,
}

impl Case {
    fn service(&self) -> Service {
        Service::ALL
            .into_iter()
            .find(|service| service.signing_name() == self.service)
            .unwrap_or_else(|| panic!("{} is no service of ours", self.service))
    }

    fn time(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.time.as_second().unsigned_abs())
    }

    fn request(&self) -> http::Request<Vec<u8>> {
        let mut request = http::Request::builder().method(self.method.as_str()).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let body = (0..self.body_hex.len()).step_by(2).map(|at| u8::from_str_radix(&self.body_hex[at..at + 2], 16));
        request.body(body.collect::<Result<_, _>>().unwrap()).unwrap()
    }
}

fn corpus() -> Corpus {
    serde_json::from_str(CORPUS).unwrap()
}

#[test]
fn every_signed_header_equals_botocores() {
    let corpus = corpus();
    let mut wrong = Vec::new();
    for case in &corpus.cases {
        let credentials = Credentials {
            access_key_id: corpus.access_key_id.clone(),
            secret_access_key: corpus.secret_access_key.clone(),
            session_token: case.session_token.clone(),
        };
        let mut request = case.request();
        sign_request(&mut request, case.service(), &case.region, &credentials, case.time()).unwrap();
        let added: BTreeMap<String, String> = request
            .headers()
            .iter()
            .filter(|(name, _)| !case.headers.contains_key(name.as_str()))
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        if added != case.signed {
            wrong.push(format!("{} {} ({})\n  {added:?}\n  {:?}", case.method, case.url, case.service, case.signed));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), corpus.cases.len(), wrong.join("\n"));
}

#[test]
fn the_corpus_has_every_service_and_every_kind_of_request() {
    let cases = corpus().cases;
    assert!(cases.len() >= 300, "only {} cases", cases.len());
    for service in Service::ALL {
        let of_service = || cases.iter().filter(|case| case.service == service.signing_name());
        assert!(of_service().count() >= 30, "{service} has {} cases", of_service().count());
        assert!(of_service().any(|case| case.session_token.is_some()), "{service} never with a session token");
        assert!(of_service().any(|case| case.body_hex.is_empty()), "{service} never with an empty body");
        for part in ["%20", "a=2&a=1", "empty=&", "%E8%BB%8A", "//b", "?flag&"] {
            assert!(of_service().any(|case| case.url.contains(part)), "{service} never with {part}");
        }
    }
    let regions: std::collections::BTreeSet<_> = cases.iter().map(|case| &case.region).collect();
    assert!(regions.len() >= 3);
}

/// A test that compares must be able to tell a difference.
#[test]
fn another_key_region_or_body_gives_another_signature() {
    let corpus = corpus();
    let case = &corpus.cases[0];
    let signature = |secret: &str, region: &str, body: &[u8]| {
        let credentials = Credentials {
            access_key_id: corpus.access_key_id.clone(),
            secret_access_key: secret.to_owned(),
            session_token: case.session_token.clone(),
        };
        let mut request = case.request().map(|_| body.to_vec());
        sign_request(&mut request, case.service(), region, &credentials, case.time()).unwrap();
        request.headers()["authorization"].to_str().unwrap().to_owned()
    };
    let body = case.request().into_body();
    let right = signature(&corpus.secret_access_key, &case.region, &body);
    assert_eq!(right, case.signed["authorization"]);
    assert_ne!(right, signature("other", &case.region, &body));
    assert_ne!(right, signature(&corpus.secret_access_key, "af-south-1", &body));
    assert_ne!(right, signature(&corpus.secret_access_key, &case.region, b"other"));
}
