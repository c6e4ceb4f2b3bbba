//! Waiting for what happens a little later: looking again until a deadline, never for a fixed time.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

const DEADLINE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(50);

/// Looks until `look` finds something. The error says what never happened, with the last thing that was wrong.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Result<T>) -> Result<T> {
    let end = Instant::now() + DEADLINE;
    loop {
        match look().await {
            Ok(found) => return Ok(found),
            Err(error) if Instant::now() > end => {
                return Err(error).with_context(|| format!("this never happened: {what}"));
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}
