//! Where the broker is and whom to trust there.

use std::time::Duration;

/// An MQTT broker reached by mutual TLS.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Host name (sent as SNI) or address.
    pub host: String,
    /// TCP port: 8883 by default. On 443 the ALPN protocol `x-amzn-mqtt-ca` is asked for, as AWS IoT Core requires.
    pub port: u16,
    /// Trusted roots in PEM; without them the web's roots, Amazon's among them.
    pub root_ca_pem: Option<String>,
    /// The longest any single step (connecting, a subscription, a request and its answer) may take.
    pub step_timeout: Duration,
}

impl Endpoint {
    /// The port of MQTT over TLS.
    pub const DEFAULT_PORT: u16 = 8883;
    /// AWS gives the pre-provisioning hook 5 s; this leaves room for the rest of RegisterThing.
    pub const DEFAULT_STEP_TIMEOUT: Duration = Duration::from_secs(15);

    /// An endpoint with the default port, roots and timeout.
    pub fn new(host: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            port: Self::DEFAULT_PORT,
            root_ca_pem: None,
            step_timeout: Self::DEFAULT_STEP_TIMEOUT,
        }
    }

    /// `host:port`, for messages.
    pub fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}
