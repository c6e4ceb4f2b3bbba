//! Where a listing goes on, as a text that says nothing to anybody else.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::api::{ApiError, Cursor};

/// Wraps a position.
pub(super) fn wrap(position: &impl Serialize) -> Cursor {
    Cursor(URL_SAFE_NO_PAD.encode(serde_json::to_vec(position).unwrap_or_default()))
}

/// Unwraps a position of the same listing.
pub(super) fn unwrap<P: DeserializeOwned>(cursor: Option<&Cursor>) -> Result<Option<P>, ApiError> {
    let Some(cursor) = cursor else { return Ok(None) };
    let position = URL_SAFE_NO_PAD.decode(cursor.as_str()).ok().and_then(|json| serde_json::from_slice(&json).ok());
    position.map(Some).ok_or_else(|| ApiError::InvalidRequest {
        problem: "its cursor is no place in this list. Start again from the first page.".to_owned(),
    })
}
