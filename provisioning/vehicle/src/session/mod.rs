//! One MQTT 5 connection over mutual TLS, read and written in a straight line.

mod failure;
mod open;
mod publish;
mod stay;
mod subscribe;

use std::collections::VecDeque;
use std::num::NonZeroU16;
use std::time::Duration;

use bytes::BytesMut;
use rmqtt_codec::types::{Publish, QoS};
use rmqtt_codec::v5::{Codec, Disconnect, DisconnectReasonCode, Packet, PublishAck, PublishAckReason};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_util::codec::{Decoder, Encoder};

use crate::VehicleError;
use failure::Failure;

/// No answer of the provisioning API comes near this many bytes, AWS IoT's own limit of a message.
const LARGEST_PACKET: u32 = 128 * 1024;

/// AWS IoT allows 30 to 1200 s; the shortest finds a dead connection soonest.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// What a broker said before it closed has arrived when writing to it fails.
const FAREWELL: Duration = Duration::from_millis(100);

/// A live connection to the broker. Dropping it closes the socket without a farewell; [`Session::close`] says one.
pub struct Session {
    stream: TlsStream<TcpStream>,
    codec: Codec,
    unread: BytesMut,
    arrived: VecDeque<Publish>,
    last_packet_id: u16,
    address: String,
    step_timeout: Duration,
}

impl Session {
    /// Says farewell and closes. The connection is gone afterwards whether or not the broker heard it.
    pub async fn close(mut self) {
        let farewell = Disconnect::new(DisconnectReasonCode::NormalDisconnection);
        let limit = self.step_timeout;
        let goodbye = async {
            self.send(Packet::Disconnect(farewell)).await?;
            self.stream.shutdown().await.map_err(Failure::from)
        };
        // Nothing that matters is in flight any more, so a broker that hung up first is no failure.
        let _ = tokio::time::timeout(limit, goodbye).await;
    }

    /// The next message on a subscribed topic.
    pub(crate) async fn next_message(&mut self) -> Result<Publish, Failure> {
        loop {
            if let Some(message) = self.arrived.pop_front() {
                return Ok(message);
            }
            self.next_acknowledgement().await.map(drop)?;
        }
    }

    /// Runs one step under the step timeout and turns its failure into the error that names the step.
    pub(crate) async fn step<T>(
        &mut self,
        step: &str,
        work: impl AsyncFnOnce(&mut Self) -> Result<T, Failure>,
    ) -> Result<T, VehicleError> {
        let limit = self.step_timeout;
        match tokio::time::timeout(limit, work(self)).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(failure)) => Err(failure.during(step, &self.address)),
            Err(_) => Err(VehicleError::TimedOut { step: step.into(), limit }),
        }
    }

    /// The next packet that is not a message: messages are acknowledged and kept for [`Self::next_message`].
    /// `None` after a message, so that whoever waits for either looks again.
    async fn next_acknowledgement(&mut self) -> Result<Option<Packet>, Failure> {
        match self.next_packet().await? {
            Packet::Publish(message) => {
                if let (QoS::AtLeastOnce, Some(packet_id)) = (message.qos, message.packet_id) {
                    let acknowledgement = PublishAck {
                        packet_id,
                        reason_code: PublishAckReason::Success,
                        properties: Vec::new(),
                        reason_string: None,
                    };
                    self.send(Packet::PublishAck(acknowledgement)).await?;
                }
                self.arrived.push_back(*message);
                Ok(None)
            }
            Packet::Disconnect(disconnect) => Err(failure::from_disconnect(&disconnect)),
            other => Ok(Some(other)),
        }
    }

    /// Reads one packet. Nothing is lost when the future is dropped half-way.
    async fn next_packet(&mut self) -> Result<Packet, Failure> {
        loop {
            match self.codec.decode(&mut self.unread) {
                Ok(Some((packet, _size))) => return Ok(packet),
                Ok(None) => {}
                Err(error) => return Err(Failure::Broken(format!("not MQTT 5: {error}"))),
            }
            if self.stream.read_buf(&mut self.unread).await? == 0 {
                return Err(Failure::Closed("it was closed from the other side".into()));
            }
        }
    }

    async fn send(&mut self, packet: Packet) -> Result<(), Failure> {
        let mut bytes = BytesMut::new();
        self.codec.encode(packet, &mut bytes).map_err(|error| Failure::Broken(format!("cannot be sent: {error}")))?;
        let written = async {
            self.stream.write_all(&bytes).await?;
            self.stream.flush().await
        };
        match written.await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.farewell().await.unwrap_or_else(|| error.into())),
        }
    }

    /// Why the broker closed, where it said so before it did: that is still to be read when nothing can be written any more.
    async fn farewell(&mut self) -> Option<Failure> {
        let said = async {
            loop {
                if let Packet::Disconnect(disconnect) = self.next_packet().await.ok()? {
                    return Some(failure::from_disconnect(&disconnect));
                }
            }
        };
        tokio::time::timeout(FAREWELL, said).await.ok()?
    }

    fn next_packet_id(&mut self) -> NonZeroU16 {
        self.last_packet_id = self.last_packet_id.checked_add(1).unwrap_or(1);
        NonZeroU16::new(self.last_packet_id).unwrap_or(NonZeroU16::MIN)
    }
}
