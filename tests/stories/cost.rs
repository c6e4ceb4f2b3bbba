//! What a provisioning, a denial and a revocation take: the calls that `deploy cost` computes with.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use deploy::cost::{FunctionUse, Measured, RequestUnits, Usage};
use libtest_mimic::Trial;
use local::StackJson;
use serde::Deserialize;
use shared::CertificateId;
use shared::api::CertificateAction;
use stories::{Api, World, administrator_of, eventually};
use tokio::process::Command;
use vehicle::{Claim, Endpoint, Identity, ProvisioningRequest, TemplateName};

use crate::Teller;

/// A certificate is described until it is active, and rows are read again when they change under a function: the least of so
/// many is what it takes.
const TIMES: u32 = 3;

/// Counted in the protocol (provisioning/vehicle): a connection; for each of two requests a subscription, the request, its
/// answer and the acknowledgement of that; then another connection and the report.
const MESSAGES_OF_A_PROVISIONING: u32 = 11;
const MESSAGES_OF_A_DENIAL: u32 = 9;

/// What AWS IoT does in its registry to register a thing: it is made, and its certificate is attached.
const REGISTRY_OF_A_PROVISIONING: u32 = 2;

/// The things of a certificate are listed when it is detached.
const REGISTRY_OF_A_REVOCATION: u32 = 1;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    vec![teller.fact("costs_are_computed_from_the_calls_that_are_made", as_measured)]
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Counted {
    calls: BTreeMap<String, u32>,
    request_units: RequestUnits,
    functions: BTreeMap<String, FunctionUse>,
    stored_bytes: BTreeMap<String, u64>,
}

impl Counted {
    fn ran(&self, function: &str) -> bool {
        self.functions.contains_key(function)
    }

    fn stored(&self) -> u64 {
        self.stored_bytes.values().sum()
    }
}

/// On a stack of its own, where nothing else happens. `MEASURE=write` puts what is measured on record.
async fn as_measured(world: Arc<World>) -> Result<()> {
    let mut configuration = world.configuration_beside("cost")?;
    configuration.demo_fleet = false;
    let stack = local::Stack::start(&configuration, |_| {}).await?;
    let file = configuration.state.join("stack.json");
    let api = Api::of(&stack.json);
    let mut measured: Option<Measured> = None;
    for time in 0..TIMES {
        let (vin, stranger) = (format!("C0ST{time:013}"), format!("C0STX{time:012}"));
        let before = count(&file, 0).await?.stored();
        let began = begin(&file).await?;
        api.authorize(&vin).await?;
        let identity = provision(&stack.json, &vin).await?;
        vehicle::report_active(&mqtt(&stack.json)?, &identity).await?;
        let provisioned = quiet(&file, began, &["thing-registered", "vehicle-connected"]).await?;
        let provisioning = usage(&provisioned, before, MESSAGES_OF_A_PROVISIONING, REGISTRY_OF_A_PROVISIONING);

        let began = begin(&file).await?;
        ensure!(provision(&stack.json, &stranger).await.is_err(), "a stranger was let in");
        let denied = quiet(&file, began, &["pre-provisioning-hook"]).await?;
        let denial = usage(&denied, provisioned.stored(), MESSAGES_OF_A_DENIAL, 0);

        let began = begin(&file).await?;
        let id = CertificateId::try_from(identity.certificate_id.to_string())?;
        api.act(&vin, &id, CertificateAction::Revoke).await??;
        let revoked = quiet(&file, began, &[]).await?;
        let revocation = usage(&revoked, denied.stored(), 0, REGISTRY_OF_A_REVOCATION);

        let now = Measured { how: how(), provisioning, denial, revocation };
        measured = Some(match measured {
            None => now,
            Some(before) => Measured {
                how: now.how,
                provisioning: least(before.provisioning, now.provisioning),
                denial: least(before.denial, now.denial),
                revocation: least(before.revocation, now.revocation),
            },
        });
    }
    stack.stop();
    let measured = measured.context("nothing was measured")?;
    if std::env::var("MEASURE").as_deref() == Ok("write") {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../provisioning/deploy/measured_calls.json");
        std::fs::write(path, serde_json::to_string_pretty(&measured)? + "\n")?;
        return Ok(());
    }
    let recorded = Measured::recorded()?;
    let mut drifts = Vec::new();
    for (what, recorded, measured) in [
        ("provisioning", &recorded.provisioning, &measured.provisioning),
        ("denial", &recorded.denial, &measured.denial),
        ("revocation", &recorded.revocation, &measured.revocation),
    ] {
        drifts.extend(drift(what, recorded, measured));
    }
    ensure!(
        drifts.is_empty(),
        "provisioning/deploy/measured_calls.json is out of date: {}. Where that is meant, run this story with MEASURE=write, \
         and write what `deploy cost` prints into docs/cost.md",
        drifts.join("; ")
    );
    Ok(())
}

fn how() -> String {
    format!(
        "The story `costs_are_computed_from_the_calls_that_are_made`, the least of {TIMES} times: calls from the account's \
         trail, functions from their logs' REPORT lines (milliseconds are those of the machine it ran on), request units and \
         bytes computed from calls and rows, messages and registry operations counted in the protocol."
    )
}

fn usage(counted: &Counted, stored_before: u64, mqtt_messages: u32, registry_operations: u32) -> Usage {
    let by_rule = ["thing-registered", "vehicle-connected", "certificate-registered"];
    let rules = by_rule.iter().filter_map(|name| counted.functions.get(*name)).map(|of| of.invocations).sum();
    Usage {
        calls: counted.calls.clone(),
        request_units: counted.request_units,
        functions: counted.functions.clone(),
        stored_bytes: counted.stored().saturating_sub(stored_before),
        mqtt_messages,
        registry_operations,
        rules,
    }
}

fn least(one: Usage, other: Usage) -> Usage {
    let calls = |usage: &Usage| usage.calls.values().sum::<u32>();
    if calls(&one) <= calls(&other) { one } else { other }
}

/// What differs by more than a function that looks twice makes a difference.
fn drift(what: &str, recorded: &Usage, measured: &Usage) -> Vec<String> {
    let mut drifts = Vec::new();
    let far = |one: f64, other: f64| (one - other).abs() > 2.0_f64.max(0.3 * one.max(other));
    let operations: BTreeSet<&String> = recorded.calls.keys().chain(measured.calls.keys()).collect();
    for operation in operations {
        let of = |usage: &Usage| usage.calls.get(operation).copied().unwrap_or_default();
        if far(of(recorded).into(), of(measured).into()) {
            drifts.push(format!("{what}: {operation} {} times, on record {}", of(measured), of(recorded)));
        }
    }
    for (name, one, other) in [
        ("read units", recorded.request_units.read, measured.request_units.read),
        ("write units", recorded.request_units.write, measured.request_units.write),
    ] {
        if (one - other).abs() > 3.0_f64.max(0.3 * one.max(other)) {
            drifts.push(format!("{what}: {other} {name}, on record {one}"));
        }
    }
    let functions: BTreeSet<&String> = recorded.functions.keys().chain(measured.functions.keys()).collect();
    for function in functions {
        let of = |usage: &Usage| usage.functions.get(function).map_or(0, |function| function.invocations);
        if of(recorded).abs_diff(of(measured)) > 1 {
            drifts.push(format!("{what}: {function} {} times, on record {}", of(measured), of(recorded)));
        }
    }
    drifts
}

/// Waits until these functions have run and nothing more happens between two looks.
async fn quiet(file: &Path, began: u64, functions: &[&str]) -> Result<Counted> {
    let before = std::sync::Mutex::new(None);
    eventually("nothing more happens", async || {
        let now = count(file, began).await?;
        let same = before.lock().map(|mut before| before.replace(now.clone())).ok().flatten() == Some(now.clone());
        ensure!(same && functions.iter().all(|function| now.ran(function)), "{now:?}");
        Ok(now)
    })
    .await
}

async fn begin(file: &Path) -> Result<u64> {
    Ok(run(file, &["begin"]).await?.trim().parse()?)
}

async fn count(file: &Path, since: u64) -> Result<Counted> {
    Ok(serde_json::from_str(&run(file, &["count", &since.to_string()]).await?)?)
}

async fn run(file: &Path, arguments: &[&str]) -> Result<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/control_plane/measure_calls.py");
    let file = file.to_str().context("a path in UTF-8")?;
    let output = Command::new("python3").args([script, file]).args(arguments).output().await?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

fn mqtt(stack: &StackJson) -> Result<Endpoint> {
    let root_ca_pem = Some(std::fs::read_to_string(&stack.root_ca)?);
    Ok(Endpoint { port: stack.mqtt_port, root_ca_pem, ..Endpoint::new(&stack.mqtt_host) })
}

async fn provision(stack: &StackJson, vin: &str) -> Result<Identity> {
    let administrator = administrator_of(stack);
    let secret = aws::secrets_manager::get_secret_value(&administrator, &stack.claim_secret_id).await?;
    let request = ProvisioningRequest::new(TemplateName::parse(&stack.template_name)?, vin)?;
    Ok(vehicle::provision(&Claim::from_secret(&secret)?, &mqtt(stack)?, &request).await?)
}
