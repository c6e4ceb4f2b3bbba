//! The name of a provisioning template.

use crate::VehicleError;

/// A provisioning template's name: 1 to 36 of `[0-9A-Za-z_-]`. It becomes part of topics, hence the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateName(String);

impl TemplateName {
    /// Takes a name as given.
    pub fn parse(text: &str) -> Result<Self, VehicleError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if text.is_empty() || text.len() > 36 || !text.chars().all(allowed) {
            return Err(VehicleError::BadInput(
                "a provisioning template's name is 1 to 36 letters, digits, _ or -".into(),
            ));
        }
        Ok(Self(text.into()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_would_change_the_topic_is_refused() {
        for name in ["", "a/b", "#", "+", "é", &"x".repeat(37)] {
            assert!(TemplateName::parse(name).is_err(), "{name}");
        }
        assert_eq!(TemplateName::parse("cms--provisioning-template").unwrap().as_str(), "cms--provisioning-template");
    }
}
