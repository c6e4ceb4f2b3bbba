//! The exit statuses of the program, which scripts rely on.

use crate::VehicleError;

/// The exit status for wrong usage or input; it is also what the command-line parser exits with.
pub const BAD_INPUT: u8 = 2;

/// The exit status for an error: one number per kind of remedy, never reused for another meaning.
///
/// | status | meaning |
/// |---|---|
/// | 0 | done |
/// | 2 | wrong usage or input: correct it |
/// | 3 | the endpoint cannot be reached |
/// | 4 | TLS or the identity was refused, on either side |
/// | 5 | provisioning was denied |
/// | 6 | a step timed out |
/// | 7 | an answer could not be understood |
/// | 8 | an established connection was lost |
/// | 9 | throttled or failing for now: try again later |
/// | 10 | the identity folder could not be read or written |
pub fn exit_status(error: &VehicleError) -> u8 {
    match error {
        VehicleError::BadInput(_) => BAD_INPUT,
        VehicleError::CannotReach { .. } => 3,
        VehicleError::ServerNotTrusted { .. }
        | VehicleError::IdentityRefused { .. }
        | VehicleError::OwnKeyNotAllowed { .. } => 4,
        VehicleError::ProvisioningDenied { .. } => 5,
        VehicleError::TimedOut { .. } => 6,
        VehicleError::BrokenAnswer { .. } => 7,
        VehicleError::ConnectionLost { .. } => 8,
        VehicleError::Busy { .. } => 9,
        VehicleError::Storage { .. } => 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn every_kind_of_failure_has_the_documented_status() {
        let text = || String::from("x");
        let io = || std::io::Error::other("x");
        let cases = [
            (VehicleError::BadInput(text()), 2),
            (VehicleError::CannotReach { address: text(), source: io() }, 3),
            (VehicleError::ServerNotTrusted { address: text(), reason: text() }, 4),
            (VehicleError::IdentityRefused { address: text(), step: text(), reason: text() }, 4),
            (VehicleError::OwnKeyNotAllowed { address: text(), reason: text() }, 4),
            (VehicleError::ProvisioningDenied { step: text(), status: 403, code: text(), message: text() }, 5),
            (VehicleError::TimedOut { step: text(), limit: Duration::from_secs(1) }, 6),
            (VehicleError::BrokenAnswer { step: text(), reason: text() }, 7),
            (VehicleError::ConnectionLost { step: text(), reason: text() }, 8),
            (VehicleError::Busy { step: text(), reason: text() }, 9),
            (VehicleError::Storage { attempt: "write", path: "x".into(), source: io() }, 10),
        ];
        for (error, status) in cases {
            assert_eq!(exit_status(&error), status, "{error}");
        }
    }
}
