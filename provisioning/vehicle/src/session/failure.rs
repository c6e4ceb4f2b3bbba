//! What can go wrong on a connection, before it is known which step it spoiled.

use std::io;

use rmqtt_codec::v5::{Disconnect, DisconnectReasonCode};

use crate::VehicleError;

/// A failure without its step; [`Failure::during`] adds it.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The server's certificate did not convince us.
    Untrusted(String),
    /// The broker said no to who we are or what we did.
    Refused(String),
    /// The connection ended; what that means depends on the step.
    Closed(String),
    /// The broker says "not now".
    Busy(String),
    /// The other side does not speak as expected.
    Broken(String),
}

impl Failure {
    /// The error for a failure during a step on an established connection.
    pub(crate) fn during(self, step: &str, address: &str) -> VehicleError {
        let (step, address) = (String::from(step), String::from(address));
        match self {
            Self::Untrusted(reason) => VehicleError::ServerNotTrusted { address, reason },
            Self::Refused(reason) => VehicleError::IdentityRefused { address, step, reason },
            Self::Closed(reason) => VehicleError::ConnectionLost { step, reason },
            Self::Busy(reason) => VehicleError::Busy { step, reason },
            Self::Broken(reason) => VehicleError::BrokenAnswer { step, reason },
        }
    }

    /// Before the broker has accepted the connection, closing it is how AWS IoT refuses a certificate.
    pub(crate) fn before_acceptance(self) -> Self {
        match self {
            Self::Closed(reason) => Self::Refused(format!("the broker closed the connection ({reason})")),
            other => other,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidCertificate(reason)) => Self::Untrusted(reason.to_string()),
            // TLS 1.3 tells of a refused client certificate only after the handshake, by an alert.
            Some(rustls::Error::AlertReceived(alert)) => Self::Refused(format!("TLS alert {alert:?}")),
            Some(other) => Self::Broken(format!("TLS failed: {other}")),
            None => Self::Closed(error.to_string()),
        }
    }
}

/// What a DISCONNECT from the broker means.
pub(super) fn from_disconnect(disconnect: &Disconnect) -> Failure {
    let reason = match &disconnect.reason_string {
        Some(text) => format!("{:?}: {text}", disconnect.reason_code),
        None => format!("{:?}", disconnect.reason_code),
    };
    match disconnect.reason_code {
        DisconnectReasonCode::NotAuthorized | DisconnectReasonCode::BadAuthenticationMethod => Failure::Refused(reason),
        DisconnectReasonCode::ServerBusy
        | DisconnectReasonCode::ServerShuttingDown
        | DisconnectReasonCode::MessageRateTooHigh
        | DisconnectReasonCode::QuotaExceeded
        | DisconnectReasonCode::ConnectionRateExceeded => Failure::Busy(reason),
        code => Failure::Closed(format!("the broker ended it: {} ({reason})", in_words(code))),
    }
}

/// What the commonest reasons mean for a vehicle.
fn in_words(code: DisconnectReasonCode) -> &'static str {
    match code {
        DisconnectReasonCode::SessionTakenOver => "another connection with the same client id took its place",
        DisconnectReasonCode::AdministrativeAction => "somebody cut the connection on purpose",
        DisconnectReasonCode::KeepAliveTimeout => "it heard nothing for too long",
        DisconnectReasonCode::NormalDisconnection => "it closed the connection in order",
        DisconnectReasonCode::ProtocolError | DisconnectReasonCode::MalformedPacket => "it could not read a message",
        DisconnectReasonCode::PacketTooLarge => "a message was too large",
        _ => "it gave a reason",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tls_alert_is_a_refusal_and_an_unknown_issuer_a_lack_of_trust() {
        let alert = rustls::Error::AlertReceived(rustls::AlertDescription::CertificateUnknown);
        assert!(matches!(Failure::from(io::Error::other(alert)), Failure::Refused(_)));
        let issuer = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        assert!(matches!(Failure::from(io::Error::other(issuer)), Failure::Untrusted(_)));
    }

    #[test]
    fn closing_means_refusal_only_before_acceptance() {
        let closed = || Failure::from(io::Error::from(io::ErrorKind::ConnectionReset));
        assert!(matches!(closed().during("x", "y"), VehicleError::ConnectionLost { .. }));
        assert!(matches!(closed().before_acceptance().during("x", "y"), VehicleError::IdentityRefused { .. }));
    }

    #[test]
    fn a_brokers_farewell_says_whether_to_come_back() {
        let kind = |code| from_disconnect(&Disconnect::new(code));
        assert!(matches!(kind(DisconnectReasonCode::NotAuthorized), Failure::Refused(_)));
        assert!(matches!(kind(DisconnectReasonCode::ServerBusy), Failure::Busy(_)));
        for (code, words) in [
            (DisconnectReasonCode::SessionTakenOver, "same client id"),
            (DisconnectReasonCode::AdministrativeAction, "on purpose"),
        ] {
            let told = kind(code);
            assert!(matches!(&told, Failure::Closed(reason) if reason.contains(words)), "{told:?}");
        }
    }
}
