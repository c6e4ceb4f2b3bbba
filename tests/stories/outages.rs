//! Parts of the stack going away while somebody looks.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use stories::{Browser, Look, World};
use tokio::process::Command;

use crate::Teller;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    vec![teller.fact("a_page_says_what_is_down_and_recovers_by_itself_with_nothing_lost", outages)]
}

/// A stack of its own, because it is taken down: first the stand-in for AWS alone, then everything, and back.
async fn outages(world: Arc<World>) -> Result<()> {
    let mut configuration = world.configuration_beside("outages")?;
    configuration.demo_fleet = false;
    let quiet = |_: &str| {};
    let stack = local::Stack::start(&configuration, quiet).await?;
    let vin = "0UTAGE00000000001";
    let console = stories::Api::of(&stack.json);
    console.authorize(vin).await?;
    let browser = Browser::open_at(&stack.json.console, &world.folder.join("screens"), Look::ALL[0]).await?;
    browser.go_to(&format!("/vehicles/{vin}")).await?;
    browser.sees("[data-testid='vehicle-standing'][data-standing='authorized']").await?;

    // State is written at an orderly stop, and a new start reads it: so the stack is stopped and started once.
    stack.stop();
    browser.follows_link("Vehicles").await?;
    browser.sees("[data-testid='stale-notice'], [data-testid='error-state']").await?;
    browser.reads("The console's server cannot be reached").await?;
    let stack = local::Stack::start(&configuration, quiet).await?;
    browser.goes_away("[data-testid='stale-notice'], [data-testid='error-state']").await?;
    browser.reads(vin).await?;
    browser.go_to(&format!("/vehicles/{vin}")).await?;
    browser.sees("[data-testid='vehicle-standing'][data-standing='authorized']").await?;

    // Now the stand-in for AWS alone: the first process that was started.
    let record = configuration.state.join("running");
    let started =
        std::fs::read_to_string(&record).with_context(|| format!("{} tells no processes", record.display()))?;
    let group = started.split_whitespace().next().context("no process was started")?.to_owned();
    let killed = Command::new("kill").args(["-TERM", "--", &format!("-{group}")]).status().await?;
    ensure!(killed.success(), "the stand-in could not be stopped");
    browser.reload().await?;
    browser.sees("[data-testid='error-state']").await?;
    browser.reads("Amazon DynamoDB cannot be reached").await?;
    browser.keeps_screen("outage-of-aws").await?;
    stack.stop();
    let stack = local::Stack::start(&configuration, quiet).await?;
    browser.sees("[data-testid='vehicle-standing'][data-standing='authorized']").await?;
    browser.close().await?;
    stack.stop();
    Ok(())
}
