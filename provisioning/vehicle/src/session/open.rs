//! Connecting: TCP, TLS, MQTT.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::Arc;

use bytes::BytesMut;
use rmqtt_codec::v5::{Codec, Connect, ConnectAck, ConnectAckReason, Packet};
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::failure::Failure;
use super::{KEEP_ALIVE, LARGEST_PACKET, Session};
use crate::tls::tls_settings;
use crate::{ClientId, Credentials, Endpoint, VehicleError};

impl Session {
    /// Connects with a clean session under the given certificate and client id.
    pub(crate) async fn open(
        endpoint: &Endpoint,
        credentials: &Credentials,
        client_id: &ClientId,
    ) -> Result<Self, VehicleError> {
        let step = format!("connecting as {}", client_id.as_str());
        let limit = endpoint.step_timeout;
        tokio::time::timeout(limit, connect(endpoint, credentials, client_id, &step))
            .await
            .unwrap_or(Err(VehicleError::TimedOut { step, limit }))
    }
}

async fn connect(
    endpoint: &Endpoint,
    credentials: &Credentials,
    client_id: &ClientId,
    step: &str,
) -> Result<Session, VehicleError> {
    let address = endpoint.address();
    let settings = tls_settings(endpoint, credentials)?;
    let name = ServerName::try_from(endpoint.host.clone())
        .map_err(|_| VehicleError::BadInput(format!("{} is not a host name or address", endpoint.host)))?;
    let socket = TcpStream::connect((endpoint.host.as_str(), endpoint.port))
        .await
        .map_err(|source| VehicleError::CannotReach { address: address.clone(), source })?;
    let refused = |failure: Failure| failure.before_acceptance().during(step, &address);
    let stream = TlsConnector::from(Arc::new(settings))
        .connect(name, socket)
        .await
        .map_err(|error| refused(Failure::from(error)))?;
    let mut session = Session {
        stream,
        codec: Codec::new(LARGEST_PACKET, 0),
        unread: BytesMut::new(),
        arrived: VecDeque::new(),
        last_packet_id: 0,
        address: address.clone(),
        step_timeout: endpoint.step_timeout,
    };
    session.send(introduction(client_id)).await.map_err(refused)?;
    match session.next_packet().await.map_err(refused)? {
        Packet::ConnectAck(answer) => accepted(&answer).map_err(refused)?,
        Packet::Disconnect(disconnect) => return Err(refused(super::failure::from_disconnect(&disconnect))),
        _ => return Err(refused(Failure::Broken("the first packet is not a CONNACK".into()))),
    }
    Ok(session)
}

fn introduction(client_id: &ClientId) -> Packet {
    Packet::from(Connect {
        clean_start: true,
        keep_alive: u16::try_from(KEEP_ALIVE.as_secs()).unwrap_or(u16::MAX),
        session_expiry_interval_secs: 0,
        auth_method: None,
        auth_data: None,
        request_problem_info: true,
        request_response_info: false,
        receive_max: None,
        topic_alias_max: 0,
        user_properties: Vec::new(),
        max_packet_size: NonZeroU32::new(LARGEST_PACKET),
        last_will: None,
        client_id: client_id.as_str().into(),
        username: None,
        password: None,
        cert: None,
    })
}

fn accepted(answer: &ConnectAck) -> Result<(), Failure> {
    let reason = match &answer.reason_string {
        Some(text) => format!("{:?}: {text}", answer.reason_code),
        None => format!("{:?}", answer.reason_code),
    };
    match answer.reason_code {
        ConnectAckReason::Success => Ok(()),
        ConnectAckReason::NotAuthorized
        | ConnectAckReason::Banned
        | ConnectAckReason::BadUserNameOrPassword
        | ConnectAckReason::BadAuthenticationMethod
        | ConnectAckReason::ClientIdentifierNotValid => Err(Failure::Refused(reason)),
        ConnectAckReason::ServerUnavailable
        | ConnectAckReason::ServerBusy
        | ConnectAckReason::QuotaExceeded
        | ConnectAckReason::ConnectionRateExceeded => Err(Failure::Busy(reason)),
        _ => Err(Failure::Broken(format!("the broker does not accept the connection: {reason}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_and_a_busy_broker_are_told_apart() {
        let answer = |reason_code| accepted(&ConnectAck { reason_code, ..ConnectAck::default() });
        assert!(answer(ConnectAckReason::Success).is_ok());
        assert!(matches!(answer(ConnectAckReason::NotAuthorized), Err(Failure::Refused(_))));
        assert!(matches!(answer(ConnectAckReason::ConnectionRateExceeded), Err(Failure::Busy(_))));
        assert!(matches!(answer(ConnectAckReason::UnsupportedProtocolVersion), Err(Failure::Broken(_))));
    }
}
