//! Every route of the console API, as a value: the console writes its path, the edge reads it.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::{AttemptOutcome, AuthorityId, CertificateId, ClaimCertificateId, ReceiptId, VehicleStanding};

use super::{AuthorityAction, Cursor};

/// What RFC 3986 leaves unreserved stays as it is; everything else is encoded.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The HTTP methods the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads; changes nothing.
    Get,
    /// Acts.
    Post,
}

impl Method {
    /// The method's name in HTTP.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}

/// What an operator can do to one certificate of one vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateAction {
    /// Withdraw it for good.
    Revoke,
    /// Suspend it.
    Hold,
    /// End the suspension.
    Release,
}

impl fmt::Display for CertificateAction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl CertificateAction {
    /// Every action.
    pub const ALL: [Self; 3] = [Self::Revoke, Self::Hold, Self::Release];

    /// The word in the path.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Revoke => "revoke",
            Self::Hold => "hold",
            Self::Release => "release",
        }
    }

    /// Reads the word in the path.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == word)
    }
}

/// Which vehicles are asked for. An empty query asks for all, in the order of their VINs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VehiclesQuery {
    /// How the VIN begins, as typed.
    pub prefix: Option<String>,
    /// Where the vehicle stands.
    pub standing: Option<VehicleStanding>,
    /// The claim certificate that admitted it.
    pub claim: Option<ClaimCertificateId>,
    /// Where to go on.
    pub cursor: Option<Cursor>,
}

/// Which attempts are asked for, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttemptsQuery {
    /// What became of them.
    pub outcome: Option<AttemptOutcome>,
    /// Which claim certificate made them.
    pub claim: Option<ClaimCertificateId>,
    /// Where to go on.
    pub cursor: Option<Cursor>,
}

/// One route of the console API with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// Who is signed in, and what this deployment is. `GET /api/session`
    Session,
    /// The vehicles. `GET /api/vehicles?prefix&standing&claim&cursor`
    Vehicles(VehiclesQuery),
    /// Authorizes a VIN. `POST /api/vehicles`
    Authorize,
    /// One vehicle. The VIN is as typed: the edge parses it. `GET /api/vehicles/{vin}`
    Vehicle(String),
    /// Issues a certificate. `POST /api/vehicles/{vin}/certificates`
    IssueCertificate(String),
    /// Acts on a certificate. `POST /api/vehicles/{vin}/certificates/{id}/{action}`
    Certificate(String, CertificateId, CertificateAction),
    /// Opens a reprovision ticket. `POST /api/vehicles/{vin}/reprovision`
    Reprovision(String),
    /// The receipts of the actions on a vehicle's certificates, newest first. `GET /api/vehicles/{vin}/receipts?cursor`
    Receipts(String, Option<Cursor>),
    /// One receipt. `GET /api/vehicles/{vin}/receipts/{id}`
    Receipt(String, ReceiptId),
    /// The claim certificates. `GET /api/claims`
    Claims,
    /// The names that vehicles can be authorized for. `GET /api/claims/names`
    ClaimNames,
    /// Makes a claim. `POST /api/claims`
    CreateClaim,
    /// Whom a claim certificate let in, and who is still to come. `GET /api/claims/{id}/reach?cursor`
    ClaimReach(ClaimCertificateId, Option<Cursor>),
    /// Takes a claim certificate out of use. `POST /api/claims/{id}/burn`
    BurnClaim(ClaimCertificateId),
    /// Gives the claim that this certificate is of a new one. `POST /api/claims/{id}/rotate`
    RotateClaim(ClaimCertificateId),
    /// The authorities. `GET /api/authorities`
    Authorities,
    /// Registers an authority. `POST /api/authorities`
    RegisterAuthority,
    /// Acts on an authority. `POST /api/authorities/{id}/{action}`
    Authority(AuthorityId, AuthorityAction),
    /// The attempts. `GET /api/attempts?outcome&claim&cursor`
    Attempts(AttemptsQuery),
    /// Whether the deployment works. `GET /api/self-check`
    SelfCheck,
}

impl Route {
    /// The method of this route.
    pub fn method(&self) -> Method {
        match self {
            Route::Session
            | Route::Vehicles(_)
            | Route::Vehicle(_)
            | Route::Receipts(..)
            | Route::Receipt(..)
            | Route::Claims
            | Route::ClaimNames
            | Route::ClaimReach(..)
            | Route::Authorities
            | Route::SelfCheck
            | Route::Attempts(_) => Method::Get,
            Route::Authorize
            | Route::IssueCertificate(_)
            | Route::Certificate(..)
            | Route::Reprovision(_)
            | Route::CreateClaim
            | Route::BurnClaim(_)
            | Route::RotateClaim(_)
            | Route::RegisterAuthority
            | Route::Authority(..) => Method::Post,
        }
    }

    /// The path with its query, ready to be sent.
    pub fn path(&self) -> String {
        match self {
            Route::Session => "/api/session".to_owned(),
            Route::Vehicles(query) => with_query(
                "/api/vehicles",
                &[
                    ("prefix", query.prefix.as_deref()),
                    ("standing", query.standing.map(VehicleStanding::as_str)),
                    ("claim", query.claim.as_ref().map(ClaimCertificateId::as_str)),
                    ("cursor", query.cursor.as_ref().map(Cursor::as_str)),
                ],
            ),
            Route::Authorize => "/api/vehicles".to_owned(),
            Route::Vehicle(vin) => format!("/api/vehicles/{}", encode(vin)),
            Route::Certificate(vin, id, action) => {
                format!("/api/vehicles/{}/certificates/{id}/{}", encode(vin), action.as_str())
            }
            Route::Reprovision(vin) => format!("/api/vehicles/{}/reprovision", encode(vin)),
            Route::Receipts(vin, cursor) => with_query(
                &format!("/api/vehicles/{}/receipts", encode(vin)),
                &[("cursor", cursor.as_ref().map(Cursor::as_str))],
            ),
            Route::Receipt(vin, id) => format!("/api/vehicles/{}/receipts/{}", encode(vin), encode(id.as_str())),
            Route::IssueCertificate(vin) => format!("/api/vehicles/{}/certificates", encode(vin)),
            Route::Authorities | Route::RegisterAuthority => "/api/authorities".to_owned(),
            Route::Authority(id, action) => format!("/api/authorities/{id}/{}", action.as_str()),
            Route::Claims | Route::CreateClaim => "/api/claims".to_owned(),
            Route::ClaimNames => "/api/claims/names".to_owned(),
            Route::ClaimReach(id, cursor) => {
                with_query(&format!("/api/claims/{id}/reach"), &[("cursor", cursor.as_ref().map(Cursor::as_str))])
            }
            Route::BurnClaim(id) => format!("/api/claims/{id}/burn"),
            Route::RotateClaim(id) => format!("/api/claims/{id}/rotate"),
            Route::SelfCheck => "/api/self-check".to_owned(),
            Route::Attempts(query) => with_query(
                "/api/attempts",
                &[
                    ("outcome", query.outcome.map(AttemptOutcome::as_str)),
                    ("claim", query.claim.as_ref().map(ClaimCertificateId::as_str)),
                    ("cursor", query.cursor.as_ref().map(Cursor::as_str)),
                ],
            ),
        }
    }

    /// Reads a request's method, path and query (without the question mark). `None` where the API has no such route
    /// or a parameter has no such value.
    pub fn parse(method: &str, path: &str, query: Option<&str>) -> Option<Route> {
        let segments: Vec<String> = path.strip_prefix("/api/")?.split('/').map(decode).collect::<Option<_>>()?;
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let parameters = parameters(query.unwrap_or_default())?;
        let route = match segments.as_slice() {
            ["session"] => Route::Session,
            ["vehicles"] if method == Method::Post.as_str() => Route::Authorize,
            ["vehicles"] => Route::Vehicles(VehiclesQuery {
                prefix: text(&parameters, "prefix"),
                standing: parsed(&parameters, "standing", VehicleStanding::from_word)?,
                claim: parsed(&parameters, "claim", claim)?,
                cursor: text(&parameters, "cursor").map(Cursor),
            }),
            ["vehicles", vin] => Route::Vehicle((*vin).to_owned()),
            ["vehicles", vin, "reprovision"] => Route::Reprovision((*vin).to_owned()),
            ["vehicles", vin, "receipts"] => {
                Route::Receipts((*vin).to_owned(), text(&parameters, "cursor").map(Cursor))
            }
            ["vehicles", vin, "receipts", id] => {
                Route::Receipt((*vin).to_owned(), ReceiptId::from_stored((*id).to_owned()))
            }
            ["vehicles", vin, "certificates", id, action] => Route::Certificate(
                (*vin).to_owned(),
                CertificateId::try_from((*id).to_owned()).ok()?,
                CertificateAction::from_word(action)?,
            ),
            ["vehicles", vin, "certificates"] => Route::IssueCertificate((*vin).to_owned()),
            ["authorities"] if method == Method::Post.as_str() => Route::RegisterAuthority,
            ["authorities"] => Route::Authorities,
            ["authorities", id, action] => Route::Authority(
                AuthorityId(CertificateId::try_from((*id).to_owned()).ok()?),
                AuthorityAction::ALL.into_iter().find(|known| known.as_str() == *action)?,
            ),
            ["claims"] if method == Method::Post.as_str() => Route::CreateClaim,
            ["claims"] => Route::Claims,
            ["claims", "names"] => Route::ClaimNames,
            ["claims", id, "reach"] => Route::ClaimReach(claim(id)?, text(&parameters, "cursor").map(Cursor)),
            ["claims", id, "burn"] => Route::BurnClaim(claim(id)?),
            ["claims", id, "rotate"] => Route::RotateClaim(claim(id)?),
            ["self-check"] => Route::SelfCheck,
            ["attempts"] => Route::Attempts(AttemptsQuery {
                outcome: parsed(&parameters, "outcome", AttemptOutcome::from_word)?,
                claim: parsed(&parameters, "claim", claim)?,
                cursor: text(&parameters, "cursor").map(Cursor),
            }),
            _ => return None,
        };
        (route.method().as_str() == method).then_some(route)
    }
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn decode(text: &str) -> Option<String> {
    Some(percent_decode_str(text).decode_utf8().ok()?.into_owned())
}

fn with_query(path: &str, parameters: &[(&str, Option<&str>)]) -> String {
    let pairs: Vec<String> =
        parameters.iter().filter_map(|(name, value)| value.map(|value| format!("{name}={}", encode(value)))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

fn parameters(query: &str) -> Option<Vec<(String, String)>> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name)?, decode(&value.replace('+', " "))?))
        })
        .collect()
}

fn text(parameters: &[(String, String)], name: &str) -> Option<String> {
    let (_, value) = parameters.iter().find(|(known, _)| known == name)?;
    (!value.is_empty()).then(|| value.clone())
}

/// An absent parameter asks for everything, one that cannot be read fails the route.
fn parsed<T>(parameters: &[(String, String)], name: &str, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    match text(parameters, name) {
        None => Some(None),
        Some(value) => read(&value).map(Some),
    }
}

fn claim(id: &str) -> Option<ClaimCertificateId> {
    CertificateId::try_from(id.to_owned()).ok().map(ClaimCertificateId)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::DenialReason;

    fn certificate_id() -> impl Strategy<Value = CertificateId> {
        "[0-9a-f]{64}".prop_map(|id| CertificateId::try_from(id).expect("64 digits"))
    }

    fn routes() -> impl Strategy<Value = Route> {
        let claim = || proptest::option::of(certificate_id().prop_map(ClaimCertificateId));
        let cursor = || proptest::option::of("\\PC{1,20}".prop_map(Cursor));
        prop_oneof![
            Just(Route::Session),
            Just(Route::Claims),
            Just(Route::CreateClaim),
            Just(Route::ClaimNames),
            Just(Route::SelfCheck),
            (certificate_id(), cursor()).prop_map(|(id, cursor)| Route::ClaimReach(ClaimCertificateId(id), cursor)),
            certificate_id().prop_map(|id| Route::BurnClaim(ClaimCertificateId(id))),
            certificate_id().prop_map(|id| Route::RotateClaim(ClaimCertificateId(id))),
            Just(Route::Authorities),
            Just(Route::RegisterAuthority),
            "\\PC{1,20}".prop_map(Route::IssueCertificate),
            (certificate_id(), proptest::sample::select(&AuthorityAction::ALL[..]))
                .prop_map(|(id, action)| Route::Authority(AuthorityId(id), action)),
            Just(Route::Authorize),
            "\\PC{1,20}".prop_map(Route::Vehicle),
            "\\PC{1,20}".prop_map(Route::Reprovision),
            ("\\PC{1,20}", cursor()).prop_map(|(vin, cursor)| Route::Receipts(vin, cursor)),
            ("\\PC{1,20}", "\\PC{1,20}").prop_map(|(vin, id)| Route::Receipt(vin, ReceiptId::from_stored(id))),
            ("\\PC{1,20}", certificate_id(), proptest::sample::select(&CertificateAction::ALL[..]))
                .prop_map(|(vin, id, action)| Route::Certificate(vin, id, action)),
            (
                proptest::option::of("\\PC{1,20}"),
                proptest::option::of(proptest::sample::select(&VehicleStanding::ALL[..])),
                claim(),
                cursor()
            )
                .prop_map(|(prefix, standing, claim, cursor)| Route::Vehicles(VehiclesQuery {
                    prefix,
                    standing,
                    claim,
                    cursor
                })),
            (proptest::option::of(proptest::sample::select(&DenialReason::ALL[..])), claim(), cursor()).prop_map(
                |(reason, claim, cursor)| Route::Attempts(AttemptsQuery {
                    outcome: reason.map(AttemptOutcome::Denied),
                    claim,
                    cursor
                })
            ),
        ]
    }

    proptest! {
        #[test]
        fn every_route_reads_back_from_its_own_path(route in routes()) {
            let target = route.path();
            let (path, query) = target.split_once('?').map_or((target.as_str(), None), |(path, query)| (path, Some(query)));
            prop_assert_eq!(Route::parse(route.method().as_str(), path, query), Some(route));
        }
    }

    #[test]
    fn what_is_no_route_is_refused() {
        for (method, path) in [
            ("GET", "/api/"),
            ("GET", "/api/nothing"),
            ("DELETE", "/api/vehicles/X"),
            ("GET", "/api/vehicles/X/reprovision"),
            ("POST", "/api/vehicles/X/certificates/zz/revoke"),
            ("GET", "/vehicles"),
            ("GET", "/api/vehicles/%FF"),
        ] {
            assert_eq!(Route::parse(method, path, None), None, "{method} {path}");
        }
        assert_eq!(Route::parse("GET", "/api/vehicles", Some("standing=asleep")), None);
    }
}
