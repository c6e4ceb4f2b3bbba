//! Trying other rules beforehand: the proposed VIN pattern, provisioning template and vehicle policy beside the deployed ones,
//! over the attempts on record. Nothing is changed.

mod attempts;
mod deployed;
mod outcome;
mod problem;
mod since;

use std::collections::BTreeMap;
use std::path::PathBuf;

use aws::tables::TableNames;
use aws::{Aws, Transport, gather, refresh_pending};
use provisioning_rules::{
    DifferenceKind, Ruleset, Today, VehicleFacts, follow_template, registration_differences, replay,
    vehicles_to_look_up,
};
use provisioning_template::ProvisioningTemplate;
use shared::{CertificateId, Vin, VinPattern};

pub use outcome::DryRun;
pub use problem::DryRunProblem;
pub use since::Since;

use crate::{PROVISIONING_TEMPLATE_BODY, Target, VEHICLE_POLICY, cloudformation};
use attempts::attempts_since;
use deployed::{Deployed, Outputs};

/// What to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DryRunOptions {
    /// Which deployment.
    pub target: Target,
    /// The proposed provisioning template; the one this program was built with if not given.
    pub template: Option<PathBuf>,
    /// The proposed vehicle policy; the one this program was built with if not given.
    pub vehicle_policy: Option<PathBuf>,
    /// The proposed VIN pattern; the deployed one if not given.
    pub vin_pattern: Option<String>,
    /// The proposed thing type, empty for none; the deployed one if not given.
    pub thing_type: Option<String>,
    /// From when on attempts are replayed.
    pub since: Since,
}

/// Replays the attempts on record with the proposed rules beside the deployed ones.
pub async fn dry_run<T: Transport>(aws: &Aws<T>, options: &DryRunOptions) -> Result<DryRun, DryRunProblem> {
    let template_source =
        source(options.template.as_ref(), "customize/provisioning-template.json", PROVISIONING_TEMPLATE_BODY)?;
    let policy_source = source(options.vehicle_policy.as_ref(), "customize/vehicle-policy.json", VEHICLE_POLICY)?;
    let since = options.since.before(aws.now());
    // What is wrong with the input is told before anything is looked up.
    let given_pattern = options.vin_pattern.as_deref().map(VinPattern::parse).transpose()?;

    let stack_name = options.target.stack_name();
    let stack = cloudformation::describe(aws, &stack_name).await.map_err(DryRunProblem::of_call)?;
    let stack = stack.ok_or_else(|| DryRunProblem::NoStack(stack_name.clone()))?;
    let outputs = Outputs::of(&stack, &stack_name)?;
    let deployed = Deployed::read(aws, &stack_name, &outputs).await?;

    let present_pattern = VinPattern::parse(&outputs.vin_pattern)?;
    let proposed_pattern = given_pattern.as_ref().unwrap_or(&present_pattern);
    let names = match &options.thing_type {
        Some(thing_type) => deployed.names.clone().with("ThingTypeName", thing_type),
        None => deployed.names.clone(),
    };
    let proposed_body = names.provisioning_template_body(&template_source.file, &template_source.text)?;
    let proposed = names.provisioning_template(&template_source.file, &template_source.text)?;
    let policy = names.vehicle_policy(&policy_source.file, &policy_source.text)?;

    let recorded = attempts_since(aws, &outputs.provisioning_attempts_table, since).await?;
    let vehicles =
        facts_of(aws, &outputs, vehicles_to_look_up(&recorded.attempts, &present_pattern, proposed_pattern)).await?;
    let mut report = replay(
        &recorded.attempts,
        Ruleset { vin_pattern: &present_pattern, template: &deployed.template },
        Ruleset { vin_pattern: proposed_pattern, template: &proposed },
        Today {
            vehicles: &vehicles,
            // A claim that has ended since would deny whatever the pattern says.
            claims: &BTreeMap::new(),
            template_name: &outputs.template_name,
            now: aws.now(),
        },
    );
    let mut warnings = recorded.warnings;
    // Where nobody was let in since then, no attempt shows what would be registered.
    let shows = |kind: &DifferenceKind| {
        !matches!(
            kind,
            DifferenceKind::TurnedAway { .. }
                | DifferenceKind::DeniedOtherwise { .. }
                | DifferenceKind::DecidedOn { .. }
        )
    };
    if !report.differences.iter().any(|difference| shows(&difference.kind)) {
        report.differences.extend(any_vehicle(&deployed.template, &proposed, &outputs.template_name));
    }
    warnings.extend(not_followed(&proposed_body));
    // A policy that this deployment took over is none that it changes.
    let (policy_difference, reaches) = if deployed.policy_is_adopted && options.vehicle_policy.is_none() {
        warnings.push(format!(
            "Vehicles have the policy {} of an earlier stack, which deploying leaves as it is: vehicle-policy.json was not compared.",
            outputs.vehicle_policy_name
        ));
        (None, deployed.policy.reaches())
    } else {
        (Some(deployed.policy.difference(&policy)), policy.reaches())
    };
    warnings.extend(reaches.iter().map(ToString::to_string));
    Ok(DryRun {
        since,
        present_vin_pattern: outputs.vin_pattern,
        proposed_vin_pattern: proposed_pattern.to_string(),
        report,
        policy: policy_difference,
        warnings,
    })
}

struct Source {
    file: String,
    text: String,
}

fn source(path: Option<&PathBuf>, built_in: &str, text: &str) -> Result<Source, DryRunProblem> {
    let Some(path) = path else { return Ok(Source { file: built_in.to_owned(), text: text.to_owned() }) };
    let file = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Source { file, text }),
        Err(source) => Err(DryRunProblem::File { file, source }),
    }
}

async fn facts_of<T: Transport>(
    aws: &Aws<T>,
    outputs: &Outputs,
    vins: impl IntoIterator<Item = Vin>,
) -> Result<BTreeMap<Vin, VehicleFacts>, DryRunProblem> {
    // Facts are in two tables; the others are not read.
    let tables = TableNames::from_settings(|name| {
        Some(match name {
            "AUTHORIZED_VEHICLES_TABLE_NAME" => outputs.authorized_vehicles_table.clone(),
            "PROVISIONED_VEHICLES_TABLE_NAME" => outputs.provisioned_vehicles_table.clone(),
            _ => outputs.provisioning_attempts_table.clone(),
        })
    })?;
    let mut facts = BTreeMap::new();
    for vin in vins {
        let mut gathered = gather(aws, &tables, &vin).await.map_err(DryRunProblem::of_call)?;
        refresh_pending(aws, &mut gathered.facts).await.map_err(DryRunProblem::of_call)?;
        facts.insert(vin, gathered.facts);
    }
    Ok(facts)
}

/// Some vehicle's VIN and certificate.
fn a_vehicle() -> Option<(Vin, CertificateId)> {
    Some(("1HGCM82633A004352".to_owned().try_into().ok()?, "0".repeat(64).try_into().ok()?))
}

fn any_vehicle(
    present: &ProvisioningTemplate,
    proposed: &ProvisioningTemplate,
    template_name: &str,
) -> Vec<provisioning_rules::Difference> {
    let difference = |(vin, id)| registration_differences(present, proposed, template_name, &vin, &id);
    a_vehicle().map(difference).unwrap_or_default()
}

/// Certificates that operators issue and that authorities signed are registered by the same template, without AWS IoT.
fn not_followed(body: &str) -> Option<String> {
    let (vin, id) = a_vehicle()?;
    let problem = follow_template(body, &vin, &id).err()?;
    Some(format!("Certificates that do not come by claim could not be registered by this template: {problem}"))
}
