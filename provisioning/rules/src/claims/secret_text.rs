//! A text that nobody is shown.

use std::fmt;

/// The text of a secret, on its way to where it is kept. It is never printed, not even for debugging.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(String);

impl SecretText {
    /// Takes the text.
    pub fn new(text: String) -> Self {
        SecretText(text)
    }

    /// The text, for whoever stores it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretText(not shown)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_not_printed() {
        let text = SecretText::new("-----BEGIN PRIVATE KEY-----".to_owned());
        assert!(!format!("{text:?}").contains("PRIVATE"));
    }
}
