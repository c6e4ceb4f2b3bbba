//! Taking a deployment away.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use deploy::Target;
use libtest_mimic::Trial;
use stories::World;
use tokio::process::Command;

use crate::Teller;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    vec![teller.fact("removing_a_deployment_leaves_its_tables_and_nothing_else", removing)]
}

/// A stack of its own, without vehicles, because it is taken down.
async fn removing(world: Arc<World>) -> Result<()> {
    let mut configuration = world.configuration_beside("removing")?;
    configuration.demo_fleet = false;
    let stack = local::Stack::start(&configuration, |_| {}).await?;
    let file = configuration.state.join("stack.json");
    let deployed = left_overs(&file, &configuration.app).await?;
    let kinds: BTreeSet<&str> = deployed.iter().filter_map(|line| line.split(' ').next()).collect();
    for kind in
        ["table", "function", "role", "user", "secret", "rule", "iot-policy", "template", "bucket", "certificate"]
    {
        ensure!(kinds.contains(kind), "no {kind} was deployed, so its removal would show nothing: {deployed:?}");
    }
    let administrator = stories::administrator_of(&stack.json);
    let target = Target { app_unique_id: configuration.app.clone(), code_bucket: None };
    deploy::down(&administrator, &target, &mut |_| {}).await?;
    let remaining = left_overs(&file, &configuration.app).await?;
    let tables = remaining.iter().filter(|line| line.starts_with("table ")).count();
    ensure!(tables == 5 && remaining.len() == 5, "this remains: {remaining:?}");
    stack.stop();
    Ok(())
}

async fn left_overs(stack_file: &std::path::Path, app: &str) -> Result<Vec<String>> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/control_plane/left_overs.py");
    let file = stack_file.to_str().context("a path in UTF-8")?;
    let output = Command::new("python3").args([script, file, app]).output().await?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect())
}
