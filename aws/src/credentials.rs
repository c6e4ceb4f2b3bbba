//! The keys that sign requests.

use std::fmt;

/// An access key, long-lived or temporary. Its secret parts are never printed.
#[derive(Clone)]
pub struct Credentials {
    /// Names the key.
    pub access_key_id: String,
    /// Signs with it.
    pub secret_access_key: String,
    /// Goes with temporary keys.
    pub session_token: Option<String>,
}

impl Credentials {
    /// Reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`. The error names what is missing.
    pub fn from_settings(setting: impl Fn(&str) -> Option<String>) -> Result<Self, MissingCredentials> {
        let required =
            |name: &'static str| setting(name).filter(|value| !value.is_empty()).ok_or(MissingCredentials(name));
        Ok(Credentials {
            access_key_id: required("AWS_ACCESS_KEY_ID")?,
            secret_access_key: required("AWS_SECRET_ACCESS_KEY")?,
            session_token: setting("AWS_SESSION_TOKEN").filter(|value| !value.is_empty()),
        })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

/// A setting that holds a part of the key is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not set: give this program an AWS access key")]
pub struct MissingCredentials(&'static str);
