//! The Worker's fetch as a way to AWS.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws::{Transport, TransportError};
use futures::future::{Either, select};
use worker::js_sys::Uint8Array;
use worker::{Date, Delay, Fetch, Headers, Method, Request, RequestInit};

/// A call that has no whole answer by then has none at all.
const CALL_LIMIT: Duration = Duration::from_secs(5);

/// Sends with the Worker's own fetch.
pub(crate) struct FetchTransport;

impl Transport for FetchTransport {
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        let exchange = std::pin::pin!(exchange(request));
        match select(exchange, Delay::from(CALL_LIMIT)).await {
            Either::Left((result, _)) => result.map_err(|error| TransportError(error.to_string())),
            Either::Right(_) => Err(TransportError(format!("nothing within {} s", CALL_LIMIT.as_secs()))),
        }
    }

    fn now(&self) -> SystemTime {
        // SystemTime::now() panics in a Worker.
        UNIX_EPOCH + Duration::from_millis(Date::now().as_millis())
    }

    async fn pause(&self, duration: Duration) {
        Delay::from(duration).await;
    }
}

async fn exchange(request: http::Request<Vec<u8>>) -> worker::Result<http::Response<Vec<u8>>> {
    let headers = Headers::new();
    for (name, value) in request.headers() {
        headers.set(name.as_str(), value.to_str().map_err(|error| worker::Error::RustError(error.to_string()))?)?;
    }
    let mut init = RequestInit::new();
    init.with_method(Method::from(request.method().to_string())).with_headers(headers);
    if !request.body().is_empty() {
        // Whole bytes rather than a stream: AWS wants to know the length.
        init.with_body(Some(Uint8Array::from(request.body().as_slice()).into()));
    }
    let mut response = Fetch::Request(Request::new_with_init(&request.uri().to_string(), &init)?).send().await?;
    let mut read = http::Response::builder().status(response.status_code());
    for (name, value) in response.headers() {
        read = read.header(name, value);
    }
    read.body(response.bytes().await?).map_err(|error| worker::Error::RustError(error.to_string()))
}
