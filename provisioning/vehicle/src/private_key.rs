//! A private key as text that never shows itself.

use std::fmt;

/// A private key in PEM. `Debug` hides it and there is no `Display`, so that no log can hold one by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct PrivateKeyPem(String);

impl PrivateKeyPem {
    /// Wraps the PEM text of a key.
    pub fn new(pem: String) -> Self {
        Self(pem)
    }

    /// The PEM text, for the one place that writes it to a private file or hands it to TLS.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PrivateKeyPem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PrivateKeyPem(hidden)")
    }
}
