//! Asking for the messages of some topics.

use rmqtt_codec::types::QoS;
use rmqtt_codec::v5::{Packet, Subscribe, SubscribeAckReason, SubscriptionOptions};

use super::Session;
use super::failure::Failure;

impl Session {
    /// Subscribes at QoS 1 and waits until the broker has granted every filter.
    pub(crate) async fn subscribe(&mut self, filters: &[String]) -> Result<(), Failure> {
        let packet_id = self.next_packet_id();
        let options = SubscriptionOptions { qos: QoS::AtLeastOnce, ..SubscriptionOptions::default() };
        let request = Subscribe {
            packet_id,
            id: None,
            user_properties: Vec::new(),
            topic_filters: filters.iter().map(|filter| (filter.as_str().into(), options)).collect(),
        };
        self.send(Packet::Subscribe(request)).await?;
        loop {
            match self.next_acknowledgement().await? {
                Some(Packet::SubscribeAck(answer)) if answer.packet_id == packet_id => {
                    return granted(filters, &answer.status);
                }
                _ => continue,
            }
        }
    }
}

fn granted(filters: &[String], answers: &[SubscribeAckReason]) -> Result<(), Failure> {
    if answers.len() != filters.len() {
        return Err(Failure::Broken("the SUBACK does not answer every filter".into()));
    }
    for (filter, answer) in filters.iter().zip(answers) {
        match answer {
            SubscribeAckReason::GrantedQos0 | SubscribeAckReason::GrantedQos1 | SubscribeAckReason::GrantedQos2 => {}
            SubscribeAckReason::QuotaExceeded => {
                return Err(Failure::Busy(format!("the subscription to {filter} exceeds a quota")));
            }
            other => return Err(Failure::Refused(format!("the subscription to {filter} was not granted: {other:?}"))),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_refused_filter_of_two_is_a_refusal_that_names_it() {
        let filters = [String::from("a"), String::from("b")];
        assert!(granted(&filters, &[SubscribeAckReason::GrantedQos1, SubscribeAckReason::GrantedQos0]).is_ok());
        let refused = granted(&filters, &[SubscribeAckReason::GrantedQos1, SubscribeAckReason::NotAuthorized]);
        assert!(matches!(refused, Err(Failure::Refused(reason)) if reason.contains("to b ")));
        assert!(matches!(granted(&filters, &[SubscribeAckReason::GrantedQos1]), Err(Failure::Broken(_))));
    }
}
