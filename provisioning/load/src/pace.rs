//! Not more than so many a second.

use std::cell::Cell;
use std::num::NonZeroU32;
use std::time::Duration;

use tokio::time::Instant;

/// Gives out turns at equal distances. An unused turn is not made good later, so there are no bursts.
pub(crate) struct Pace {
    distance: Duration,
    next: Cell<Instant>,
}

impl Pace {
    /// This many turns a second.
    pub(crate) fn per_second(rate: NonZeroU32) -> Self {
        Pace { distance: Duration::from_secs(1) / rate.get(), next: Cell::new(Instant::now()) }
    }

    /// Waits for a turn.
    pub(crate) async fn turn(&self) {
        let mine = self.next.get().max(Instant::now());
        self.next.set(mine + self.distance);
        tokio::time::sleep_until(mine).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_keep_their_distance_and_are_not_saved_up() {
        let paused = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        paused.block_on(async {
            let pace = Pace::per_second(NonZeroU32::new(10).unwrap());
            let began = Instant::now();
            futures::future::join_all((0..11).map(|_| pace.turn())).await;
            assert_eq!(began.elapsed(), Duration::from_secs(1));
            tokio::time::sleep(Duration::from_secs(60)).await;
            let began = Instant::now();
            futures::future::join_all((0..11).map(|_| pace.turn())).await;
            assert_eq!(began.elapsed(), Duration::from_secs(1));
        });
    }
}
