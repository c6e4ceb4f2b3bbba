//! The name a vehicle connects under while it is still nobody.

use crate::VehicleError;

/// An MQTT client id: 1 to 128 bytes of UTF-8 without control characters, AWS IoT's limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientId(String);

impl ClientId {
    /// Takes a client id as given.
    pub fn parse(text: &str) -> Result<Self, VehicleError> {
        if text.is_empty() || text.len() > 128 || text.chars().any(char::is_control) {
            return Err(VehicleError::BadInput(
                "a client id is 1 to 128 bytes long and has no control characters".into(),
            ));
        }
        Ok(Self(text.into()))
    }

    /// Draws one that no other client will have: two clients of one id throw each other out.
    pub fn unique() -> Result<Self, VehicleError> {
        let mut random = [0_u8; 12];
        getrandom::fill(&mut random).map_err(|error| {
            VehicleError::BadInput(format!("no randomness for a client id ({error}); give one with --client-id"))
        })?;
        let hexadecimal: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self(format!("claiming-{hexadecimal}")))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_aws_would_refuse_is_refused_here() {
        assert!(ClientId::parse("").is_err());
        assert!(ClientId::parse(&"x".repeat(129)).is_err());
        assert!(ClientId::parse("a\nb").is_err());
        assert_eq!(ClientId::parse("Vehicle_X").unwrap().as_str(), "Vehicle_X");
    }

    #[test]
    fn generated_ids_differ() {
        assert_ne!(ClientId::unique().unwrap(), ClientId::unique().unwrap());
    }
}
