//! Stories about the whole local stack: real devices, a real browser, real mutual TLS. Each is a fact about the system.
//!
//! One stack serves them all; every story has vehicles of its own. What they leave behind (logs, screenshots, identities)
//! is in `target/stories`.

mod authorities;
mod claims;
mod compatibility;
mod cost;
mod customising;
mod deploying;
mod failures;
mod issuing;
mod issuing_in_browser;
mod keys;
mod listing;
mod load;
mod metrics;
mod operating;
mod outages;
mod provisioning;
mod removing;
mod revoking;
mod screens;
mod self_check;
mod upgrading;
mod whole_line;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use libtest_mimic::{Arguments, Failed, Trial};
use stories::World;
use tokio::runtime::{Builder, Handle};

/// What a story needs to be told.
struct Teller {
    world: Arc<World>,
    runtime: Handle,
}

impl Teller {
    /// A fact, and how it is shown.
    fn fact<F>(&self, name: &str, story: impl Fn(Arc<World>) -> F + Send + 'static) -> Trial
    where
        F: Future<Output = Result<()>>,
    {
        let (world, runtime) = (self.world.clone(), self.runtime.clone());
        Trial::test(name, move || {
            runtime.block_on(story(world.clone())).map_err(|error| Failed::from(format!("{error:#}")))
        })
    }
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Two browsers and a device at a time are as many as two cores can serve within the deadlines.
    arguments.test_threads = Some(arguments.test_threads.unwrap_or(2));
    let runtime = match Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let (world, stack) = match runtime.block_on(World::start()) {
        Ok(started) => started,
        Err(error) => return failed(&error),
    };
    let teller = Teller { world: Arc::new(world), runtime: runtime.handle().clone() };
    let facts = [
        whole_line::facts(&teller),
        provisioning::facts(&teller),
        keys::facts(&teller),
        issuing::facts(&teller),
        issuing_in_browser::facts(&teller),
        authorities::facts(&teller),
        load::facts(&teller),
        metrics::facts(&teller),
        operating::facts(&teller),
        listing::facts(&teller),
        compatibility::facts(&teller),
        cost::facts(&teller),
        claims::facts(&teller),
        customising::facts(&teller),
        failures::facts(&teller),
        outages::facts(&teller),
        removing::facts(&teller),
        upgrading::facts(&teller),
        deploying::facts(&teller),
        revoking::facts(&teller),
        screens::facts(&teller),
        self_check::facts(&teller),
    ];
    let conclusion = libtest_mimic::run(&arguments, facts.into_iter().flatten().collect());
    if conclusion.has_failed() {
        eprintln!("[stories] logs and screenshots are in {}", teller.world.folder.display());
    }
    let _guard = runtime.enter();
    stack.stop();
    conclusion.exit_code()
}

fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("[stories] the stack did not start: {error:?}");
    ExitCode::FAILURE
}
