//! The API's table of contents.

use aws::Transport;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use shared::api::{ApiError, Method, Route};

use crate::operations::{
    act_on_authority, act_on_certificate, authorize, burn_claim, create_claim, issue_certificate, list_attempts,
    list_authorities, list_claim_names, list_claims, list_receipts, list_vehicles, open_ticket, register_authority,
    rotate_claim, self_check, show_claim_reach, show_receipt, show_session, show_vehicle,
};
use crate::operator::sign_in;
use crate::{Deployment, respond};

/// Answers one request of the API.
pub async fn answer<T: Transport>(
    deployment: &Deployment<T>,
    request: http::Request<Vec<u8>>,
) -> http::Response<Vec<u8>> {
    match dispatch(deployment, &request).await {
        Ok(response) => response,
        Err(error) => {
            deployment.log_failure(&format!("{} {}", request.method(), request.uri().path()), &error);
            respond::error(&error)
        }
    }
}

async fn dispatch<T: Transport>(
    deployment: &Deployment<T>,
    request: &http::Request<Vec<u8>>,
) -> Result<http::Response<Vec<u8>>, ApiError> {
    let operator = &sign_in(deployment)?;
    let uri = request.uri();
    let route = Route::parse(request.method().as_str(), uri.path(), uri.query()).ok_or(ApiError::NoSuchRoute)?;
    if route.method() == Method::Post {
        refuse_foreign_origin(request)?;
    }
    match route {
        Route::Session => ok(show_session(deployment, operator)),
        Route::Vehicles(query) => ok(list_vehicles(deployment, operator, query).await?),
        Route::Authorize => ok(authorize(deployment, operator, read(request)?).await?),
        Route::Vehicle(vin) => ok(show_vehicle(deployment, operator, &vin).await?),
        Route::Certificate(vin, certificate_id, action) => {
            ok(act_on_certificate(deployment, operator, &vin, &certificate_id, action, read(request)?).await?)
        }
        Route::Receipts(vin, cursor) => ok(list_receipts(deployment, operator, &vin, cursor.as_ref()).await?),
        Route::Receipt(vin, id) => ok(show_receipt(deployment, operator, &vin, &id).await?),
        Route::Reprovision(vin) => ok(open_ticket(deployment, operator, &vin, read(request)?).await?),
        Route::IssueCertificate(vin) => ok(issue_certificate(deployment, operator, &vin, read(request)?).await?),
        Route::Authorities => ok(list_authorities(deployment, operator).await?),
        Route::RegisterAuthority => ok(register_authority(deployment, operator, read(request)?).await?),
        Route::Authority(id, action) => ok(act_on_authority(deployment, operator, &id, action, read(request)?).await?),
        Route::Claims => ok(list_claims(deployment, operator).await?),
        Route::ClaimNames => ok(list_claim_names(deployment, operator).await?),
        Route::CreateClaim => ok(create_claim(deployment, operator, read(request)?).await?),
        Route::ClaimReach(id, cursor) => ok(show_claim_reach(deployment, operator, &id, cursor.as_ref()).await?),
        Route::BurnClaim(id) => ok(burn_claim(deployment, operator, &id, read(request)?).await?),
        Route::RotateClaim(id) => ok(rotate_claim(deployment, operator, &id, read(request)?).await?),
        Route::SelfCheck => ok(self_check(deployment, operator).await?),
        Route::Attempts(query) => ok(list_attempts(deployment, operator, query).await?),
    }
}

fn ok(answer: impl Serialize) -> Result<http::Response<Vec<u8>>, ApiError> {
    Ok(respond::json(200, &answer))
}

fn read<R: DeserializeOwned>(request: &http::Request<Vec<u8>>) -> Result<R, ApiError> {
    serde_json::from_slice(request.body()).map_err(|error| ApiError::InvalidRequest { problem: unreadable(&error) })
}

/// Where a body cannot be read, and not a word of what it says there: serde would repeat it, into the answer and the log, and
/// somebody may have pasted a private key.
fn unreadable(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        Category::Data => "a field is missing, unknown or of another type",
        Category::Eof => "the JSON ends too early",
        Category::Syntax | Category::Io => "it is not JSON",
    };
    format!("{what}, at line {}, column {}.", error.line(), error.column())
}

/// A form of another site can post, with the operator's session, but it can neither post JSON nor hide where it is from.
fn refuse_foreign_origin(request: &http::Request<Vec<u8>>) -> Result<(), ApiError> {
    let header = |name| request.headers().get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    let content_type = header(http::header::CONTENT_TYPE).unwrap_or_default();
    let is_json = content_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json");
    let host = header(http::header::HOST).or_else(|| request.uri().authority().map(http::uri::Authority::as_str));
    let same_origin = match header(http::header::ORIGIN) {
        Some(origin) => origin.split_once("://").map(|(_, authority)| authority) == host,
        // A program that is no browser sends none, and has no session it could be tricked into using.
        None => true,
    };
    let same_site =
        !matches!(header(http::HeaderName::from_static("sec-fetch-site")), Some("cross-site" | "same-site"));
    if is_json && same_origin && same_site { Ok(()) } else { Err(ApiError::ForeignOrigin) }
}
