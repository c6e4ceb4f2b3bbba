//! What holds whatever happens.

use std::fmt;

/// A law of the play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// When everything is at rest, AWS IoT would let one certificate connect as the vehicle at most.
    OneIsActive,
    /// A certificate that an operator revoked is never registered or active again, and its vehicle comes back with a ticket
    /// that was opened afterwards, or not at all.
    RevokedStaysOut,
    /// A vehicle on hold is not let in.
    HeldStaysOut,
    /// A vehicle that is or was live is let in under an open ticket alone, and one ticket lets one certificate be registered.
    TicketsBind,
    /// Nobody is let in with a claim certificate whose end was on record when it was decided.
    EndedClaimsAdmitNobody,
    /// A denial changes nothing for the vehicle.
    DenialsChangeNothing,
    /// Rows and attempts stay, attempts stay as they are, and no attempt goes unrecorded.
    NothingIsLost,
    /// When everything is at rest, the tables say what AWS IoT says.
    TablesTellTheTruth,
    /// A vehicle that was registered and that no operator put out can connect.
    NobodyIsStranded,
    /// Whatever happened, everything comes to rest once what failed is repeated.
    ComesToRest,
}

impl Law {
    pub fn broken(self, what: impl Into<String>) -> Broken {
        Broken { law: self, what: what.into() }
    }
}

/// What went against a law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub law: Law,
    pub what: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}: {}", self.law, self.what)
    }
}
