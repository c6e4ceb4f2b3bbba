//! A way to AWS that keeps where every call went.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use aws::{NativeTransport, Transport, TransportError};

/// Carries every call out and remembers its path.
pub struct Recorder {
    transport: NativeTransport,
    paths: Mutex<Vec<String>>,
}

impl Default for Recorder {
    fn default() -> Self {
        Self::new()
    }
}

impl Recorder {
    /// Nothing called yet.
    pub fn new() -> Self {
        Recorder { transport: NativeTransport::new(Duration::from_secs(20)), paths: Mutex::new(Vec::new()) }
    }

    /// The path of every call so far.
    pub fn paths(&self) -> Vec<String> {
        self.paths.lock().map(|paths| paths.clone()).unwrap_or_default()
    }
}

impl Transport for Recorder {
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        if let Ok(mut paths) = self.paths.lock() {
            paths.push(request.uri().path().to_owned());
        }
        self.transport.send(request).await
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    async fn pause(&self, duration: Duration) {
        self.transport.pause(duration).await;
    }
}
