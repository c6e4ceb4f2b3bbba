//! Taking over from a stack of the provisioning module of CMS 2.1.5.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use aws::dynamodb::{AttributeValue, Item, get_item};
use aws::tables::TableNames;
use aws::{Aws, NativeTransport, Transport};
use deploy::{AdoptOptions, BackfillOptions, DeployError, Progress, StackOutputs, Target};
use edge::answer;
use libtest_mimic::Trial;
use local::StackJson;
use serde::Deserialize;
use shared::api::{Route, VehicleDetails, VehiclesPage, VehiclesQuery};
use shared::{CertificateStatus, VehicleStanding};
use stories::{Refusing, World, administrator_over, edge_of, eventually, text};
use tokio::process::Command;
use vehicle::{Claim, Endpoint, Identity, Keys, ProvisioningRequest, TemplateName};

use crate::Teller;

const APP: &str = "cms";

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    vec![teller.fact("a_cms_stack_is_taken_over_with_its_tables_its_claim_and_its_vehicles", upgrading)]
}

/// What was deployed and written beforehand.
#[derive(Deserialize)]
struct Before {
    stack: String,
    secret: String,
    template: String,
    #[serde(rename = "Authorized")]
    authorized: String,
    #[serde(rename = "Provisioned")]
    provisioned: String,
    vins: Vins,
}

#[derive(Deserialize)]
struct Vins {
    authorized: Vec<String>,
    active: Vec<String>,
    unknown: Vec<String>,
    half_empty: Vec<String>,
}

impl Vins {
    fn all(&self) -> BTreeSet<String> {
        [&self.authorized, &self.active, &self.unknown, &self.half_empty].into_iter().flatten().cloned().collect()
    }
}

async fn upgrading(world: Arc<World>) -> Result<()> {
    let mut configuration = world.configuration_beside("upgrading")?;
    configuration.demo_fleet = false;
    // Another deployment shares the account, as one may.
    configuration.app = "other".to_owned();
    let stack = local::Stack::start(&configuration, |_| {}).await?;
    let json = stack.json.clone();
    let before = before(&configuration.state.join("stack.json")).await?;
    let aws = administrator_over(&json, NativeTransport::new(Duration::from_secs(20)));
    let target = Target { app_unique_id: APP.to_owned(), code_bucket: None };

    let (claim, claim_id) = claim(&aws, &before).await?;
    let (old_vin, new_vin) = (&before.vins.authorized[0], &before.vins.authorized[1]);
    let old = provision(&json, &before, &claim, old_vin, Keys::MadeByAws).await?;
    recorded_as_active(&aws, &before, old_vin, &old).await.context("under the old stack")?;

    let options = AdoptOptions {
        target: target.clone(),
        stack: before.stack.clone(),
        zips: configuration.build.function_zips.clone(),
        parameters: Default::default(),
    };
    let wrong =
        AdoptOptions { target: Target { app_unique_id: "fleet".to_owned(), code_bucket: None }, ..options.clone() };
    let refused = deploy::plan_adoption(&aws, &wrong).await.err().context("other vehicles' template was adopted")?;
    ensure!(refused.to_string().contains("--app cms"), "{refused}");

    let plan = deploy::plan_adoption(&aws, &options).await?.to_string();
    for told in [
        format!("the table {}: authorized vehicles", before.authorized),
        format!("the table {}: provisioned vehicles", before.provisioned),
        format!("the claim certificate {claim_id}"),
        format!("AWS::IoT::ProvisioningTemplate {}", before.template),
        format!("--set AuthorizedVehiclesTableName={}", before.authorized),
    ] {
        ensure!(plan.contains(&told), "{told} is missing in:\n{plan}");
    }

    let may_not =
        |request: &http::Request<Vec<u8>>| request.body().windows(18).any(|part| part == b"Action=CreateStack");
    let stopping = administrator_over(&json, Refusing::new(may_not));
    let stopped =
        deploy::adopt(&stopping, &options, &mut |_| {}).await.err().context("it went on without permission")?;
    ensure!(matches!(stopped, DeployError::AdoptionStopped { .. }), "{stopped}");
    for told in ["allows cloudformation:CreateStack", "repeat the same command"] {
        ensure!(stopped.to_string().contains(told), "{stopped}");
    }

    let mut advised = false;
    let mut tell = |told: Progress| advised |= matches!(told, Progress::BackfillAdvisable(_));
    let (_, outputs) = deploy::adopt(&aws, &options, &mut tell).await?;
    ensure!(advised, "nobody was told to backfill");
    ensure!(outputs.authorized_vehicles_table == before.authorized, "{outputs:?}");
    ensure!(outputs.provisioned_vehicles_table == before.provisioned, "{outputs:?}");
    ensure!(outputs.template_name == before.template, "{outputs:?}");
    let (claim, id_afterwards) = self::claim(&aws, &before).await?;
    ensure!(id_afterwards == claim_id, "the claim changed");

    // Vehicles: those in the field, and those that were built with the claim of before.
    vehicle::report_active(&mqtt(&json)?, &old).await.context("the old vehicle")?;
    let new = provision(&json, &before, &claim, new_vin, Keys::MadeByAws).await?;
    recorded_as_active(&aws, &before, new_vin, &new).await.context("under the new stack")?;
    vehicle::report_active(&mqtt(&json)?, &new).await.context("the new vehicle")?;
    // The half-empty row denied it under the old stack for ever, and so did the claim policy if it keeps its key.
    let vin = &before.vins.half_empty[0];
    let half_empty = provision(&json, &before, &claim, vin, Keys::MadeByVehicle).await?;
    recorded_as_active(&aws, &before, vin, &half_empty).await.context("half empty before")?;

    let tables = tables(&outputs);
    let edge = edge_of(&json, NativeTransport::new(Duration::from_secs(20)), &tables)?;
    let (listed, notice) = list(&edge, None).await?;
    ensure!(listed == before.vins.all(), "{} of {} are listed", listed.len(), before.vins.all().len());
    ensure!(notice, "tables without indexes were listed as if they had them");
    eventually("the old vehicle's report is on record", async || {
        let details = details(&edge, old_vin).await?;
        ensure!(details.standing == VehicleStanding::Connected, "{:?}", details.standing);
        Ok(())
    })
    .await?;
    let active = details(&edge, &before.vins.active[0]).await?;
    ensure!(
        active.certificates.iter().any(|row| row.record.certificate_status == CertificateStatus::Active),
        "{active:?}"
    );

    indexed(&aws, &target, &before, &edge).await?;
    new_rows_of_other_tools_are_indexed(&aws, &before).await?;
    stack.stop();
    Ok(())
}

async fn indexed<T: Transport>(
    aws: &Aws<NativeTransport>,
    target: &Target,
    before: &Before,
    edge: &edge::Deployment<T>,
) -> Result<()> {
    let options = BackfillOptions { target: target.clone(), add_indexes: true, rows_per_second: 1_000, after: None };
    let first = backfill(aws, &options).await?;
    ensure!(first > 40, "{first} rows were indexed");
    ensure!(backfill(aws, &options).await? == 0, "the second run found something to do");
    let (listed, notice) = list(edge, None).await?;
    ensure!(listed == before.vins.all(), "{} of {} are listed", listed.len(), before.vins.all().len());
    ensure!(!notice, "tables with indexes were listed the slow way");
    let (listed, _) = list(edge, Some("EX1ST1NG00000001")).await?;
    let wanted: BTreeSet<_> = before.vins.all().into_iter().filter(|vin| vin.starts_with("EX1ST1NG00000001")).collect();
    ensure!(listed == wanted && wanted.len() == 10, "{listed:?}");
    Ok(())
}

/// How many rows were indexed.
async fn backfill(aws: &Aws<NativeTransport>, options: &BackfillOptions) -> Result<u64> {
    let mut count = 0;
    let mut tell = |told: Progress| {
        if let Progress::Backfilled { indexed, .. } = told {
            count = indexed;
        }
    };
    deploy::backfill(aws, options, &mut tell).await?;
    Ok(count)
}

/// The table's stream was switched on, and our function reads it.
async fn new_rows_of_other_tools_are_indexed(aws: &Aws<NativeTransport>, before: &Before) -> Result<()> {
    let key = Item::from([text("vin", "WR1TTEN0THERW1SE0")]);
    aws::dynamodb::put_item(aws, &before.authorized, key.clone(), None).await?;
    eventually("a row of another tool gets its shard", async || {
        let row = get_item(aws, &before.authorized, key.clone()).await?.context("no row")?;
        ensure!(row.contains_key("vin_shard"), "{row:?}");
        Ok(())
    })
    .await
}

async fn before(stack_file: &Path) -> Result<Before> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/control_plane/cms_stack.py");
    let file = stack_file.to_str().context("a path in UTF-8")?;
    let output = Command::new("python3").args([script, file, APP]).output().await?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The claim as a plant reads it, and its certificate's id.
async fn claim(aws: &Aws<NativeTransport>, before: &Before) -> Result<(Claim, String)> {
    let secret = aws::secrets_manager::get_secret_value(aws, &before.secret).await?;
    let id = serde_json::from_str::<serde_json::Value>(&secret)?["certificateId"].as_str().context("an id")?.to_owned();
    Ok((Claim::from_secret(&secret)?, id))
}

fn mqtt(json: &StackJson) -> Result<Endpoint> {
    Ok(Endpoint {
        port: json.mqtt_port,
        root_ca_pem: Some(std::fs::read_to_string(&json.root_ca)?),
        ..Endpoint::new(&json.mqtt_host)
    })
}

async fn provision(json: &StackJson, before: &Before, claim: &Claim, vin: &str, keys: Keys) -> Result<Identity> {
    let request =
        ProvisioningRequest { keys, ..ProvisioningRequest::new(TemplateName::parse(&before.template)?, vin)? };
    vehicle::provision(claim, &mqtt(json)?, &request).await.with_context(|| format!("provisioning {vin}"))
}

async fn recorded_as_active(aws: &Aws<NativeTransport>, before: &Before, vin: &str, identity: &Identity) -> Result<()> {
    let key = Item::from([text("vin", vin), text("certificate_id", &identity.certificate_id.to_string())]);
    eventually("its certificate is on record as active", async || {
        let row = get_item(aws, &before.provisioned, key.clone()).await?.context("no row")?;
        let status = row.get("certificate_status").and_then(AttributeValue::as_text);
        ensure!(status == Some("ACTIVE"), "{status:?}");
        Ok(())
    })
    .await
}

fn tables(outputs: &StackOutputs) -> TableNames {
    TableNames {
        authorized_vehicles: outputs.authorized_vehicles_table.clone(),
        provisioned_vehicles: outputs.provisioned_vehicles_table.clone(),
        provisioning_attempts: outputs.provisioning_attempts_table.clone(),
        operator_actions: outputs.operator_actions_table.clone(),
        claim_certificates: outputs.claim_certificates_table.clone(),
    }
}

/// The VINs that are listed, and whether the pages say that it was done the slow way.
async fn list<T: Transport>(edge: &edge::Deployment<T>, prefix: Option<&str>) -> Result<(BTreeSet<String>, bool)> {
    let (mut found, mut slow) = (BTreeSet::new(), false);
    let mut cursor = None;
    loop {
        let route =
            Route::Vehicles(VehiclesQuery { prefix: prefix.map(str::to_owned), cursor, ..VehiclesQuery::default() });
        let response = answer(edge, http::Request::get(route.path()).body(Vec::new())?).await;
        let page: VehiclesPage = serde_json::from_slice(response.body())
            .with_context(|| String::from_utf8_lossy(response.body()).into_owned())?;
        slow |= page.notice.is_some();
        found.extend(page.vehicles.iter().map(|vehicle| vehicle.vin.to_string()));
        cursor = page.next;
        if cursor.is_none() {
            return Ok((found, slow));
        }
    }
}

async fn details<T: Transport>(edge: &edge::Deployment<T>, vin: &str) -> Result<VehicleDetails> {
    let request = http::Request::get(Route::Vehicle(vin.to_owned()).path()).body(Vec::new())?;
    let response = answer(edge, request).await;
    serde_json::from_slice(response.body()).with_context(|| String::from_utf8_lossy(response.body()).into_owned())
}
