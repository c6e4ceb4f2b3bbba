//! Unsigned HTTP to our own parts.

use std::time::Duration;

use anyhow::{Context, Result};
use aws::{NativeTransport, Transport};

/// Sends one request and reads its whole answer, whatever its status.
pub(crate) async fn send(request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>> {
    let uri = request.uri().clone();
    NativeTransport::new(Duration::from_secs(15)).send(request).await.with_context(|| uri.to_string())
}

/// Gets a page that must be there.
pub(crate) async fn page(url: &str) -> Result<Vec<u8>> {
    let response = send(http::Request::get(url).body(Vec::new())?).await?;
    anyhow::ensure!(response.status().is_success(), "{url} answered {}", response.status());
    Ok(response.into_body())
}
