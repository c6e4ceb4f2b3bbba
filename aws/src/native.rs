//! The transport of everything that is no Worker.

use std::time::{Duration, SystemTime};

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;

use crate::{Transport, TransportError};

/// HTTP/1.1 over TLS with the public web's roots, or in the clear where an endpoint says `http`.
#[derive(Clone)]
pub struct NativeTransport {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    limit: Duration,
}

impl NativeTransport {
    /// A call that has no whole answer within `limit` has none at all.
    pub fn new(limit: Duration) -> Self {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        // Small requests on kept connections must not wait for one another's acknowledgements.
        http.set_nodelay(true);
        let connector =
            HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().wrap_connector(http);
        NativeTransport { client: Client::builder(TokioExecutor::new()).build(connector), limit }
    }

    async fn exchange(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, String> {
        let response = self.client.request(request.map(|body| Full::new(Bytes::from(body)))).await.map_err(describe)?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
        Ok(http::Response::from_parts(parts, body.to_vec()))
    }
}

impl Transport for NativeTransport {
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        match tokio::time::timeout(self.limit, self.exchange(request)).await {
            Ok(result) => result.map_err(TransportError),
            Err(_) => Err(TransportError(format!("nothing within {} ms", self.limit.as_millis()))),
        }
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    async fn pause(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// The client's own message hides what happened to the connection; its sources tell.
fn describe(error: hyper_util::client::legacy::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
