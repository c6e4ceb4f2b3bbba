//! Answers of the API.

use serde::Serialize;
use shared::api::ApiError;

/// An answer with a body.
pub(crate) fn json(status: u16, body: &impl Serialize) -> http::Response<Vec<u8>> {
    let body = serde_json::to_vec(body).unwrap_or_default();
    let mut response = http::Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    let content_type = http::HeaderValue::from_static("application/json; charset=utf-8");
    headers.insert(http::header::CONTENT_TYPE, content_type);
    // Answers are about vehicles and people: no cache keeps them, and no page of another origin reads them.
    headers.insert(http::header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    headers.insert("cross-origin-resource-policy", http::HeaderValue::from_static("same-origin"));
    headers.insert(http::header::X_CONTENT_TYPE_OPTIONS, http::HeaderValue::from_static("nosniff"));
    response
}

/// The answer to a request that failed.
pub(crate) fn error(error: &ApiError) -> http::Response<Vec<u8>> {
    json(error.status(), error)
}
