use sha2::{Digest, Sha256};

/// A token that stands for a text: the same for the same text, so that a call that is repeated is the same call. It has 40
/// characters; Secrets Manager takes 32 to 64, and lets only its SDKs do without one.
pub fn token_of(text: &str) -> String {
    Sha256::digest(text).iter().take(20).map(|byte| format!("{byte:02x}")).collect()
}
