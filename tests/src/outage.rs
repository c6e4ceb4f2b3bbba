//! A way to AWS that fails on purpose.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use aws::{NativeTransport, Transport, TransportError};

/// How calls fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// AWS answers that there are too many calls.
    Throttled,
    /// AWS answers with a failure of its own.
    Broken,
    /// AWS carries the call out and its answer is lost.
    AnswerLost,
}

impl Failure {
    /// Every way to fail.
    pub const ALL: [Self; 3] = [Self::Throttled, Self::Broken, Self::AnswerLost];
}

/// Lets some calls through and then fails for good.
pub struct Outage {
    transport: NativeTransport,
    left: Mutex<usize>,
    failure: Failure,
}

impl Outage {
    /// The first `after` calls succeed.
    pub fn new(after: usize, failure: Failure) -> Self {
        Outage { transport: NativeTransport::new(Duration::from_secs(20)), left: Mutex::new(after), failure }
    }

    /// Whether it came to a failure.
    pub fn happened(&self) -> bool {
        self.left.lock().is_ok_and(|left| *left == 0)
    }

    fn lets_through(&self) -> bool {
        match self.left.lock() {
            Ok(mut left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        }
    }
}

impl Transport for Outage {
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        if self.lets_through() {
            return self.transport.send(request).await;
        }
        let answer = |status: u16, code: &str| {
            let mut response =
                http::Response::new(format!(r#"{{"__type":"{code}","message":"on purpose"}}"#).into_bytes());
            *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
            Ok(response)
        };
        match self.failure {
            Failure::Throttled => answer(400, "ThrottlingException"),
            Failure::Broken => answer(500, "InternalFailure"),
            Failure::AnswerLost => {
                self.transport.send(request).await?;
                Err(TransportError("the answer was lost on purpose".to_owned()))
            }
        }
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    async fn pause(&self, _duration: Duration) {
        // The pauses are tested where they are made; here they would only take time.
    }
}
