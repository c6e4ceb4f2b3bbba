//! Trying again what may work a little later.

use std::time::Duration;

use tokio::time::Instant;

use crate::VehicleError;

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Tries until it works, `patience` is over or the error is one that waiting does not mend; pauses grow from half a second
/// to half a minute. `tell` learns of every failure that is followed by another try, and of the pause before it.
///
/// A refused certificate is one to wait for: AWS IoT closes the first connection of a certificate that it registers just
/// in time.
pub async fn until_it_works<T>(
    patience: Duration,
    mut tell: impl FnMut(&VehicleError, Duration),
    mut attempt: impl AsyncFnMut() -> Result<T, VehicleError>,
) -> Result<T, VehicleError> {
    let end = Instant::now() + patience;
    let mut pause = FIRST_PAUSE;
    loop {
        let error = match attempt().await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() || !may_pass(&error) {
            return Err(error);
        }
        // The last try is made at the very end, so that no promised time is given away.
        let pause_now = pause.min(left);
        tell(&error, pause_now);
        tokio::time::sleep(pause_now).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn may_pass(error: &VehicleError) -> bool {
    match error {
        VehicleError::CannotReach { .. }
        | VehicleError::IdentityRefused { .. }
        | VehicleError::TimedOut { .. }
        | VehicleError::ConnectionLost { .. }
        | VehicleError::Busy { .. } => true,
        VehicleError::BadInput(_)
        | VehicleError::ServerNotTrusted { .. }
        | VehicleError::OwnKeyNotAllowed { .. }
        | VehicleError::ProvisioningDenied { .. }
        | VehicleError::BrokenAnswer { .. }
        | VehicleError::Storage { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> VehicleError {
        VehicleError::IdentityRefused { address: "a".into(), step: "s".into(), reason: "r".into() }
    }

    fn in_paused_time<T>(story: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(story)
    }

    #[test]
    fn the_pauses_grow_and_what_works_in_the_end_is_returned() {
        in_paused_time(async {
            let (mut tries, mut pauses) = (0, Vec::new());
            let outcome = until_it_works(
                Duration::from_secs(60),
                |_, pause| pauses.push(pause.as_millis()),
                async || {
                    tries += 1;
                    if tries == 4 { Ok(tries) } else { Err(refused()) }
                },
            )
            .await;
            assert_eq!(outcome.unwrap(), 4);
            assert_eq!(pauses, [500, 1000, 2000]);
        });
    }

    #[test]
    fn patience_ends_with_the_last_error_after_the_whole_time() {
        in_paused_time(async {
            let began = Instant::now();
            let outcome = until_it_works(Duration::from_secs(10), |_, _| {}, async || Err::<(), _>(refused())).await;
            assert!(matches!(outcome, Err(VehicleError::IdentityRefused { .. })));
            assert_eq!(began.elapsed(), Duration::from_secs(10));
        });
    }

    #[test]
    fn what_waiting_does_not_mend_is_told_at_once() {
        in_paused_time(async {
            let began = Instant::now();
            let attempt = async || Err::<(), _>(VehicleError::BadInput("x".into()));
            assert!(until_it_works(Duration::from_secs(10), |_, _| {}, attempt).await.is_err());
            assert_eq!(began.elapsed(), Duration::ZERO);
        });
    }
}
