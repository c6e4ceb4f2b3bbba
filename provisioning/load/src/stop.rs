//! Ending early: what is under way is finished, nothing new is begun.

use tokio::sync::watch;

/// Knows whether the test is asked to end.
#[derive(Clone)]
pub struct Stop(watch::Receiver<bool>);

/// A switch, and what knows whether it was thrown. Dropping the switch is not throwing it.
pub fn stop_switch() -> (watch::Sender<bool>, Stop) {
    let (switch, stop) = watch::channel(false);
    (switch, Stop(stop))
}

impl Stop {
    /// Whether the test is asked to end.
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits for `work` or until the test is asked to end, whichever comes first.
    pub(crate) async fn or<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut stop = self.0.clone();
        let asked = async {
            if stop.wait_for(|asked| *asked).await.is_err() {
                // Nobody is left who could ask.
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            biased;
            () = asked => None,
            done = work => Some(done),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_is_waited_for_unless_the_end_is_asked_for() {
        let (switch, stop) = stop_switch();
        assert_eq!(stop.or(async { 1 }).await, Some(1));
        switch.send(true).unwrap();
        assert!(stop.is_asked());
        assert_eq!(stop.or(std::future::pending::<u8>()).await, None);
        drop(switch);
        assert_eq!(stop.or(async { 1 }).await, None);
    }

    #[tokio::test]
    async fn a_switch_that_is_gone_stops_nothing() {
        let (switch, stop) = stop_switch();
        drop(switch);
        assert_eq!(stop.or(async { 1 }).await, Some(1));
    }
}
