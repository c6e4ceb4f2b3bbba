//! Trying other rules over the attempts on record, before anything is deployed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use aws::dynamodb::{Item, put_item};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use shared::{DEFAULT_VIN_PATTERN, Timestamp};
use stories::{World, text, truth};
use tokio::process::Command;
use vehicle::VehicleError;

use crate::Teller;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    vec![
        teller.fact("a_dry_run_shows_what_another_vin_pattern_would_have_made_of_the_attempts", another_pattern),
        teller.fact("a_dry_run_shows_what_another_template_and_policy_would_register", another_template),
        teller.fact("a_dry_run_that_cannot_be_done_says_what_to_do", bad_input),
    ]
}

/// What a dry run said, and with which exit status it ended.
struct Tried {
    status: Option<i32>,
    said: String,
    complaint: String,
}

impl Tried {
    fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.said).with_context(|| format!("{} {}", self.said, self.complaint))
    }
}

/// Runs the program as an operator would, on the environment alone.
async fn dry_run(world: &World, arguments: &[&str]) -> Result<Tried> {
    dry_run_as(&world.stack.access_key_id, &world.stack.secret_access_key, world, arguments).await
}

async fn dry_run_as(key: &str, secret: &str, world: &World, arguments: &[&str]) -> Result<Tried> {
    let output = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/debug/deploy"))
        .arg("dry-run")
        .args(arguments)
        .env_clear()
        .env("AWS_REGION", &world.stack.region)
        .env("AWS_ENDPOINT_URL", &world.stack.aws_endpoint)
        .env("AWS_ACCESS_KEY_ID", key)
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .output()
        .await
        .context("target/debug/deploy cannot be run: `make build` makes it")?;
    Ok(Tried {
        status: output.status.code(),
        said: String::from_utf8(output.stdout)?,
        complaint: String::from_utf8(output.stderr)?,
    })
}

/// How many attempts show a difference of this kind, and its examples.
fn shown(tried: &Value, kind: &Value) -> Option<(u64, Vec<Value>)> {
    let differences = tried["report"]["differences"].as_array()?;
    let difference = differences.iter().find(|difference| difference["kind"] == *kind)?;
    Some((difference["attempts"].as_u64()?, difference["examples"].as_array()?.clone()))
}

async fn denied(world: &World, vin: &str) -> Result<()> {
    match world.provision(vin).await {
        Ok(_) => anyhow::bail!("{vin} was let in"),
        Err(error) if matches!(error.downcast_ref(), Some(VehicleError::ProvisioningDenied { .. })) => Ok(()),
        Err(error) => Err(error.context("it was not denied but failed")),
    }
}

/// Trailers have short numbers: under the deployed pattern they are no VINs.
async fn another_pattern(world: Arc<World>) -> Result<()> {
    let since = world.administrator.now().to_string();
    let number = Timestamp::as_nanosecond(world.administrator.now()) % 1_000_000_000;
    let (known, unknown) = (format!("TRAILER{number}K"), format!("TRAILER{number}U"));
    let row = Item::from([text("vin", &known), truth("allow_provisioning", true)]);
    put_item(&world.administrator, &world.stack.authorized_vehicles_table, row, None).await?;
    denied(&world, &known).await?;
    denied(&world, &unknown.to_lowercase()).await?;
    let car = world.authorized_vin().await?;
    world.provisioned(&car).await?;

    let nothing = dry_run(&world, &["--since", &since]).await?;
    ensure!(nothing.status == Some(0), "{} {}", nothing.said, nothing.complaint);
    ensure!(nothing.said.contains("No difference."), "{}", nothing.said);

    // Wider by these two trailers alone.
    let wider = format!("{DEFAULT_VIN_PATTERN}|TRAILER{number}[KU]");
    let tried = dry_run(&world, &["--since", &since, "--vin-pattern", &wider, "--json"]).await?;
    ensure!(tried.status == Some(1), "{} {}", tried.said, tried.complaint);
    let report = tried.json()?;
    for (vin, outcome) in [
        (known, json!({ "decision": "ALLOWED" })),
        (unknown.to_lowercase(), json!({ "decision": "DENIED", "reason": "VIN_NOT_AUTHORIZED" })),
    ] {
        let kind = json!({ "what": "decided-on", "today": outcome });
        let (attempts, examples) = shown(&report, &kind).with_context(|| format!("no {kind} in {report}"))?;
        ensure!(attempts == 1 && examples[0]["presented_vin"] == vin, "{examples:?}");
        ensure!(examples[0]["before"] == "VIN_MALFORMED", "{examples:?}");
    }

    // Narrower: the car that was let in would be turned away.
    let tried = dry_run(&world, &["--since", &since, "--vin-pattern", "W[A-Z0-9]{16}"]).await?;
    ensure!(tried.status == Some(1), "{} {}", tried.said, tried.complaint);
    ensure!(tried.said.contains("was ALLOWED and would be denied: VIN_MALFORMED"), "{}", tried.said);
    Ok(())
}

async fn another_template(world: Arc<World>) -> Result<()> {
    let since = world.administrator.now().to_string();
    let vin = world.authorized_vin().await?;
    world.provisioned(&vin).await?;
    let template = deploy::PROVISIONING_TEMPLATE_BODY
        .replace("\"vin\": { \"Ref\": \"vin\" }", "\"vin\": { \"Ref\": \"vin\" }, \"plant\": \"kiel\"");
    let template = written(&world, "template.json", &template)?;
    let policy = deploy::VEHICLE_POLICY.replace(
        "topicfilter/${VehicleTopicRoot}/${iot:Connection.Thing.ThingName}/*",
        "topicfilter/${VehicleTopicRoot}/*",
    );
    let policy = written(&world, "policy.json", &policy)?;

    // A fourth attribute wants a thing type.
    let tried = dry_run(&world, &["--template", path(&template)?]).await?;
    ensure!(tried.status == Some(2), "{} {}", tried.said, tried.complaint);
    ensure!(tried.complaint.contains("give the vehicles a thing type"), "{}", tried.complaint);

    let arguments = ["--template", path(&template)?, "--vehicle-policy", path(&policy)?, "--thing-type", "car"];
    let tried = dry_run(&world, &[&arguments[..], &["--since", &since, "--json"]].concat()).await?;
    ensure!(tried.status == Some(1), "{} {}", tried.said, tried.complaint);
    let report = tried.json()?;
    for (part, after) in [("attribute plant", "kiel"), ("thing type", "car")] {
        let kind = json!({ "what": "registration", "part": part });
        let (attempts, examples) = shown(&report, &kind).with_context(|| format!("no {kind} in {report}"))?;
        ensure!(attempts >= 1 && examples[0]["before"] == "(none)" && examples[0]["after"] == after, "{examples:?}");
    }
    let changed = |what: &str| report["policy"][what].as_array().map(Vec::len);
    ensure!(changed("removed") == Some(1) && changed("added") == Some(1), "{}", report["policy"]);
    let warnings = report["warnings"].to_string();
    ensure!(warnings.contains("Statement 3 allows iot:Subscribe on"), "{warnings}");
    Ok(())
}

async fn bad_input(world: Arc<World>) -> Result<()> {
    let broken = written(&world, "broken.json", "{ \"Resources\": ")?;
    for (arguments, sentence) in [
        (["--template", path(&broken)?], "broken.json: The template is not JSON"),
        (["--template", "/no/such/file"], "/no/such/file cannot be read"),
        (["--vin-pattern", "["], "is not a regular expression"),
        (["--app", "nobodys"], "there is no stack nobodys-provisioning"),
        (["--since", "yesterday"], "such as 7d or 12h"),
    ] {
        let tried = dry_run(&world, &arguments).await?;
        ensure!(tried.status == Some(2) && tried.said.is_empty(), "{arguments:?}: {:?} {}", tried.status, tried.said);
        ensure!(tried.complaint.contains(sentence), "{arguments:?}: {}", tried.complaint);
    }
    // The console's user may do what the console does, and look at no stack.
    let key: Value = serde_json::from_str(&std::fs::read_to_string(world.folder.join("state/console-key.json"))?)?;
    let part = |name: &str| key[name].as_str().context("the console's key");
    let tried = dry_run_as(part("access_key_id")?, part("secret_access_key")?, &world, &[]).await?;
    ensure!(tried.status == Some(2), "{:?} {}", tried.status, tried.said);
    ensure!(tried.complaint.contains("the permission cloudformation:DescribeStacks"), "{}", tried.complaint);
    Ok(())
}

fn written(world: &World, name: &str, content: &str) -> Result<PathBuf> {
    let folder = world.folder.join("customising");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(name);
    std::fs::write(&file, content)?;
    Ok(file)
}

fn path(file: &Path) -> Result<&str> {
    file.to_str().context("a path in UTF-8")
}
