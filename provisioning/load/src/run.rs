//! A load test from beginning to end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use shared::{CertificateId, Vin};

use crate::authorize::authorize;
use crate::clean::clean;
use crate::fleet::{Way, send};
use crate::outcome::{Outcome, Told};
use crate::pace::Pace;
use crate::quiet::wait_until_quiet;
use crate::reasons::denials;
use crate::vins::fresh_vins;
use crate::{Count, LoadError, Plan, Stack, Stop, Summary};

/// How far a test is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// A part of the test begins.
    Begins {
        /// What is done in it.
        what: &'static str,
        /// How many times.
        total: u64,
    },
    /// One more of them is done.
    One,
}

/// Carries out a plan against the stack that the file at `path` tells of. `setting` is asked for the standard AWS
/// variables. What it made is removed even after an interruption, if that is in the plan.
pub async fn run(
    path: &Path,
    plan: &Plan,
    setting: impl Fn(&str) -> Option<String>,
    stop: &Stop,
    progress: impl Fn(Progress),
) -> Result<Summary, LoadError> {
    let stack = Stack::read(path)?;
    let aws = stack.aws(setting, path)?;
    let tables = stack.tables(path)?;
    let attempts = stack.provisioning_attempts_table.as_deref();
    let way = Way { claim: stack.claim(&aws).await?, endpoint: stack.mqtt(path)?, template: stack.template()? };
    let (beginning, vins) = fresh_vins(plan)?;
    let distinct: BTreeSet<Vin> = vins.iter().cloned().collect();
    let begins = |what, total: usize| progress(Progress::Begins { what, total: total as u64 });
    let one = || progress(Progress::One);

    begins("authorizing VINs", distinct.len());
    authorize(&aws, &stack.authorized_vehicles_table, plan, &distinct, stop, one).await?;

    begins("provisioning vehicles", vins.len());
    let began = Instant::now();
    let told = send(&way, plan, &vins, stop, |_| one()).await;
    let elapsed = began.elapsed();

    begins("waiting until all is quiet", distinct.len());
    let pace = Pace::per_second(plan.rate);
    let quiet = wait_until_quiet(&aws, &tables.provisioned_vehicles, &told, &pace, stop, one).await?;
    let some_were_denied = told.iter().any(|one| matches!(one.outcome, Outcome::Denied(..)));
    let reasons = match attempts.filter(|_| some_were_denied) {
        Some(table) => {
            denials(&aws, table, &distinct).await.map_err(LoadError::attempting("read ProvisioningAttempts"))?
        }
        None => BTreeMap::new(),
    };
    let mut summary = Summary::of(plan, &told, elapsed, reasons, Count::of(&quiet));
    summary.vins_begin_with = beginning;
    summary.interrupted = stop.is_asked();
    if plan.clean {
        begins("removing what was made", distinct.len());
        summary.cleaned = Some(clean(&aws, &tables, attempts, plan, &issued(&distinct, &told), one).await?);
    }
    Ok(summary)
}

/// The certificates that the vehicles of each VIN got, in use or not.
fn issued(vins: &BTreeSet<Vin>, told: &[Told]) -> BTreeMap<Vin, BTreeSet<CertificateId>> {
    let mut issued: BTreeMap<Vin, BTreeSet<CertificateId>> =
        vins.iter().map(|vin| (vin.clone(), BTreeSet::new())).collect();
    for one in told {
        issued.entry(one.vin.clone()).or_default().extend(one.certificate_id.clone());
    }
    issued
}
