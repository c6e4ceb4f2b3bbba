//! Sending a message and knowing that it arrived.

use bytes::Bytes;
use rmqtt_codec::types::{Publish, QoS};
use rmqtt_codec::v5::{Packet, PublishAckReason, PublishProperties};

use super::Session;
use super::failure::Failure;

impl Session {
    /// Publishes at QoS 1 and waits for the broker's acknowledgement.
    pub(crate) async fn publish(&mut self, topic: &str, payload: Vec<u8>) -> Result<(), Failure> {
        let packet_id = self.next_packet_id();
        let message = Publish {
            dup: false,
            retain: false,
            qos: QoS::AtLeastOnce,
            topic: topic.into(),
            packet_id: Some(packet_id),
            payload: Bytes::from(payload),
            properties: Some(PublishProperties::default()),
        };
        self.send(Packet::Publish(Box::new(message))).await?;
        loop {
            match self.next_acknowledgement().await? {
                Some(Packet::PublishAck(answer)) if answer.packet_id == packet_id => {
                    return taken(topic, answer.reason_code);
                }
                _ => continue,
            }
        }
    }
}

fn taken(topic: &str, answer: PublishAckReason) -> Result<(), Failure> {
    match answer {
        // Nobody listening is no failure: a rule may be added later.
        PublishAckReason::Success | PublishAckReason::NoMatchingSubscribers => Ok(()),
        PublishAckReason::QuotaExceeded => Err(Failure::Busy(format!("the message to {topic} exceeds a quota"))),
        other => Err(Failure::Refused(format!("the message to {topic} was not taken: {other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unauthorised_message_is_a_refusal() {
        assert!(taken("t", PublishAckReason::NoMatchingSubscribers).is_ok());
        assert!(matches!(taken("t", PublishAckReason::NotAuthorized), Err(Failure::Refused(_))));
        assert!(matches!(taken("t", PublishAckReason::QuotaExceeded), Err(Failure::Busy(_))));
    }
}
