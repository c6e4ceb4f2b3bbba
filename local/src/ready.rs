//! Waiting for a process to answer.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::{http_client, process::RunningProcess};

/// Waits until `url` answers with success. Ends early, with the log's end, when the process does.
pub(crate) async fn until_ready(process: &mut RunningProcess, url: &str, limit: Duration) -> Result<()> {
    let deadline = Instant::now() + limit;
    let mut answered = answers(url).await;
    while let Err(problem) = answered {
        if Instant::now() > deadline {
            return Err(process.complaint(&format!("is not ready after {} s ({problem})", limit.as_secs())));
        }
        tokio::select! {
            end = process.ended() => return Err(end),
            () = tokio::time::sleep(Duration::from_millis(50)) => answered = answers(url).await,
        }
    }
    Ok(())
}

async fn answers(url: &str) -> Result<()> {
    http_client::page(url).await.map(drop)
}
