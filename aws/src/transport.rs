//! What a host gives to this crate: a way to send, a clock and a pause.

use std::time::{Duration, SystemTime};

/// The world as AWS calls need it. The Worker's fetch, an ordinary HTTP client and a test double all fit;
/// none of them has to be `Send`, because a Worker's futures are not.
#[allow(async_fn_in_trait)]
pub trait Transport {
    /// Sends one request and reads its whole answer. A status such as 500 is an answer, not an error.
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError>;

    /// The time now. A Worker has a clock only while it answers a request, so nobody keeps the result for long.
    fn now(&self) -> SystemTime;

    /// Returns after about this long.
    async fn pause(&self, duration: Duration);
}

/// The request may or may not have arrived: there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no answer: {0}")]
pub struct TransportError(pub String);
