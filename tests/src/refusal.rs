//! A way to AWS on which some calls are refused, or on which somebody dies.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use aws::{NativeTransport, Transport, TransportError};

type Request = http::Request<Vec<u8>>;
type Response = http::Response<Vec<u8>>;

/// Answers some calls as AWS answers those whose caller has no permission; the others go through.
pub struct Refusing {
    transport: NativeTransport,
    refused: fn(&Request) -> bool,
}

impl Refusing {
    /// The calls for which `refused` says so are refused.
    pub fn new(refused: fn(&Request) -> bool) -> Self {
        Refusing { transport: NativeTransport::new(Duration::from_secs(20)), refused }
    }
}

impl Transport for Refusing {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        if !(self.refused)(&request) {
            return self.transport.send(request).await;
        }
        let mut response = http::Response::new(br#"{"__type":"ForbiddenException","message":"on purpose"}"#.to_vec());
        *response.status_mut() = http::StatusCode::FORBIDDEN;
        Ok(response)
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    async fn pause(&self, duration: Duration) {
        self.transport.pause(duration).await;
    }
}

/// Lets some calls through, and then never comes back: whoever waits for it can be dropped, which is how a Worker dies.
pub struct Dying {
    transport: NativeTransport,
    left: AtomicUsize,
    died: tokio::sync::Notify,
}

impl Dying {
    /// Dies before the call after this many.
    pub fn after(calls: usize) -> Self {
        Dying {
            transport: NativeTransport::new(Duration::from_secs(20)),
            left: AtomicUsize::new(calls),
            died: tokio::sync::Notify::new(),
        }
    }

    /// Returns when it has died.
    pub async fn death(&self) {
        self.died.notified().await;
    }
}

impl Transport for Dying {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let lives = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if lives {
            return self.transport.send(request).await;
        }
        self.died.notify_one();
        std::future::pending().await
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    async fn pause(&self, duration: Duration) {
        self.transport.pause(duration).await;
    }
}
