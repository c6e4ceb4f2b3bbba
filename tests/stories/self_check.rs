//! A deployment that finds out what is wrong with it.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use local::StackJson;
use shared::api::Route;
use shared::{Check, CheckOutcome, SelfCheck};
use stories::{Api, Browser, Look, World};
use tokio::process::Command;

use crate::Teller;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    vec![
        teller
            .fact("a_self_check_passes_on_a_healthy_stack_and_names_whatever_is_broken", breaking_one_thing_at_a_time),
        teller.fact("the_console_shows_its_self_check", in_the_browser),
        teller.fact("a_self_check_without_a_stack_says_what_to_do", no_stack),
    ]
}

/// What is broken, the check that must fail, and what it must say to do.
const BROKEN: [(&str, &str, &str); 7] = [
    ("events", "Thing events", "update-event-configurations"),
    ("rule", "Topic rule ThingRegisteredRule", "enable-topic-rule"),
    ("permission", "Who may call cms-pre-provisioning-hook", "add-permission"),
    ("role-policy", "Permissions of cms-pre-provisioning-hook", "dynamodb:GetItem"),
    ("secret", "Claim secret", "former version"),
    ("template", "Provisioning template", "--enabled"),
    ("claim", "Claim certificates", "Rotate the claim"),
];

/// What else cannot work then.
const IN_ITS_WAKE: [(&str, &str); 1] = [("claim", "Claim secret")];

/// What the program says and with which exit status it ends.
async fn check(stack: &StackJson) -> Result<(Option<i32>, SelfCheck)> {
    let (status, said, complaint) = run(stack, "cms").await?;
    let checked = serde_json::from_str(&said).with_context(|| format!("{said} {complaint}"))?;
    Ok((status, checked))
}

async fn run(stack: &StackJson, app: &str) -> Result<(Option<i32>, String, String)> {
    let output = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/debug/deploy"))
        .args(["check", "--json", "--app", app])
        .env_clear()
        .env("AWS_REGION", &stack.region)
        .env("AWS_ENDPOINT_URL", &stack.aws_endpoint)
        .env("AWS_ACCESS_KEY_ID", &stack.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &stack.secret_access_key)
        .output()
        .await
        .context("target/debug/deploy cannot be run: `make build` makes it")?;
    Ok((output.status.code(), String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?))
}

/// What the console finds out.
async fn look(api: &Api) -> Result<SelfCheck> {
    Ok(api.call(&Route::SelfCheck, None::<&()>).await??)
}

fn named(checked: &SelfCheck, outcome: CheckOutcome) -> Vec<&Check> {
    checked.checks.iter().filter(|check| check.outcome == outcome).collect()
}

/// On a stack of its own, because others need theirs.
async fn breaking_one_thing_at_a_time(world: Arc<World>) -> Result<()> {
    let mut configuration = world.configuration_beside("self-check")?;
    configuration.demo_fleet = false;
    let stack = local::Stack::start(&configuration, |_| {}).await?;
    let file = configuration.state.join("stack.json");
    let healthy = check(&stack.json).await?;
    ensure!(healthy.0 == Some(0) && healthy.1.outcome() == CheckOutcome::Passed, "{:?}", grave(&healthy.1));
    for (what, name, words) in BROKEN {
        let undo = change(&file, &[what, "break"]).await?;
        let (status, checked) = check(&stack.json).await?;
        let failed = named(&checked, CheckOutcome::Failed);
        ensure!(status == Some(1), "{what}: {status:?} {failed:?}");
        let check = failed.iter().find(|check| check.name == name).with_context(|| format!("{what}: {failed:?}"))?;
        let said = format!("{} {}", check.found, check.mend.as_deref().unwrap_or_default());
        ensure!(said.contains(words), "{what}: {said}");
        // Nothing else is blamed: what was broken before is mended.
        let wake = |check: &&&Check| check.name == name || IN_ITS_WAKE.contains(&(what, check.name.as_str()));
        ensure!(failed.iter().all(|check| wake(&check)), "{what}: {failed:?}");
        ensure!(!said.contains("PRIVATE KEY") && !said.contains("garbage"), "{what}: {said}");
        if matches!(what, "events" | "template" | "claim") {
            let seen: SelfCheck = look(&Api::of(&stack.json)).await?;
            ensure!(
                seen.checks.iter().any(|check| check.name == name && check.outcome == CheckOutcome::Failed),
                "{seen:?}"
            );
        }
        change(&file, &[what, "mend", undo.trim()]).await?;
    }
    let mended = check(&stack.json).await?;
    ensure!(mended.0 == Some(0) && mended.1.outcome() == CheckOutcome::Passed, "{:?}", grave(&mended.1));
    stack.stop();
    Ok(())
}

fn grave(checked: &SelfCheck) -> Vec<&Check> {
    checked.checks.iter().filter(|check| check.outcome != CheckOutcome::Passed).collect()
}

async fn change(stack_file: &Path, arguments: &[&str]) -> Result<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/control_plane/break_stack.py");
    let file = stack_file.to_str().context("a path in UTF-8")?;
    let output = Command::new("python3").args([script, file]).args(arguments).output().await?;
    ensure!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

async fn in_the_browser(world: Arc<World>) -> Result<()> {
    for look in Look::ALL {
        let browser = Browser::open(&world, look).await?;
        browser.go_to("/self-check").await?;
        browser.reads("The console's own permissions").await?;
        browser.reads("Thing events").await?;
        browser.keeps_screen(&format!("self-check-{}", look.name)).await?;
        ensure!(!browser.overflows().await?, "the page is wider than the window ({})", look.name);
        let complaints = browser.complaints().await?;
        ensure!(complaints.is_empty(), "the page complained: {complaints:?}");
        browser.close().await?;
    }
    let checked: SelfCheck = look(&world.api).await?;
    ensure!(checked.outcome() == CheckOutcome::Passed, "{:?}", grave(&checked));
    Ok(())
}

async fn no_stack(world: Arc<World>) -> Result<()> {
    let (status, _, complaint) = run(&world.stack, "nowhere").await?;
    ensure!(status == Some(2) && complaint.contains("nowhere-provisioning"), "{status:?} {complaint}");
    Ok(())
}
