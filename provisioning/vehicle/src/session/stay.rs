//! Staying connected.

use std::future::Future;
use std::pin::pin;

use rmqtt_codec::v5::Packet;
use tokio::time::Instant;

use super::{KEEP_ALIVE, Session};
use crate::VehicleError;

impl Session {
    /// Keeps the connection alive until `end` comes, then closes it. Messages are acknowledged and dropped.
    ///
    /// Fails when the broker ends the connection or stops answering, which is what a revoked vehicle sees.
    pub async fn stay_until(mut self, end: impl Future<Output = ()>) -> Result<(), VehicleError> {
        let step = "staying connected";
        let address = self.address.clone();
        let mut end = pin!(end);
        let mut next_ping = Instant::now() + KEEP_ALIVE / 2;
        let mut answer_due: Option<Instant> = None;
        loop {
            tokio::select! {
                () = &mut end => {
                    self.close().await;
                    return Ok(());
                }
                packet = self.next_acknowledgement() => {
                    let packet = packet.map_err(|failure| failure.during(step, &address))?;
                    if matches!(packet, Some(Packet::PingResponse)) {
                        answer_due = None;
                    }
                    self.arrived.clear();
                }
                () = tokio::time::sleep_until(answer_due.unwrap_or(next_ping)) => {
                    if answer_due.is_some() {
                        return Err(VehicleError::ConnectionLost {
                            step: step.into(),
                            reason: "the broker does not answer pings".into(),
                        });
                    }
                    self.step(step, async |session| session.send(Packet::PingRequest).await).await?;
                    next_ping = Instant::now() + KEEP_ALIVE / 2;
                    answer_due = Some(Instant::now() + self.step_timeout);
                }
            }
        }
    }
}
