//! The tables of an existing deployment, as it left them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use aws::dynamodb::{Item, put_item};
use aws::tables::TableNames;
use aws::{Call, NativeTransport, Service};
use edge::answer;
use libtest_mimic::Trial;
use serde_json::json;
use shared::api::{Cursor, Route, VehicleDetails, VehiclesPage, VehiclesQuery};
use shared::{CertificateStatus, VehicleStanding};
use stories::{World, text, truth};

use crate::Teller;

const VEHICLES: usize = 150;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    vec![teller.fact("tables_without_our_indexes_are_listed_whole_and_the_page_says_so", tables_without_indexes)]
}

async fn create_table(world: &World, name: &str, keys: &[(&str, &str)]) -> Result<()> {
    let definitions: Vec<_> =
        keys.iter().map(|(key, _)| json!({ "AttributeName": key, "AttributeType": "S" })).collect();
    let schema: Vec<_> = keys.iter().map(|(key, kind)| json!({ "AttributeName": key, "KeyType": kind })).collect();
    let body = json!({
        "TableName": name, "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": definitions, "KeySchema": schema,
    });
    let call = Call {
        service: Service::DynamoDb,
        operation: "CreateTable",
        method: http::Method::POST,
        path: "/".to_owned(),
        headers: vec![
            ("content-type", "application/x-amz-json-1.0".to_owned()),
            ("x-amz-target", "DynamoDB_20120810.CreateTable".to_owned()),
        ],
        body: body.to_string().into_bytes(),
    };
    world.administrator.call(call).await?;
    Ok(())
}

/// An existing deployment's rows: provisioned vehicles, one that was denied because nobody knew it, and authorizations of
/// which some were left half empty.
async fn fill(world: &World, tables: &TableNames) -> Result<BTreeSet<String>> {
    create_table(world, &tables.authorized_vehicles, &[("vin", "HASH")]).await?;
    create_table(world, &tables.provisioned_vehicles, &[("vin", "HASH"), ("certificate_id", "RANGE")]).await?;
    create_table(world, &tables.provisioning_attempts, &[("vin", "HASH"), ("attempt_id", "RANGE")]).await?;
    let mut vins = BTreeSet::new();
    for number in 0..VEHICLES {
        let vin = format!("EX1ST1NG{number:09}");
        if number % 3 != 0 {
            let mut row = Item::from([text("vin", &vin), truth("allow_provisioning", true)]);
            if number % 2 == 0 {
                row.extend([text("make", "Nordwerk"), text("model", "Tind"), text("year", "2024")]);
            }
            put_item(&world.administrator, &tables.authorized_vehicles, row, None).await?;
        }
        if number % 3 != 1 {
            let unknown = number % 3 == 0;
            let make = if unknown { "AUTHORIZED_VEHICLE_NOT_FOUND" } else { "Nordwerk" };
            let row = Item::from([
                text("vin", &vin),
                text("certificate_id", &format!("{number:064x}")),
                text("make", make),
                text("model", make),
                text("year", make),
                text("region", "eu-central-1"),
                text("thing_name", &format!("Vehicle_{vin}")),
                text("certificate_status", if unknown { "DELETED" } else { "ACTIVE" }),
                truth("has_vehicle_connected_once", !unknown),
            ]);
            put_item(&world.administrator, &tables.provisioned_vehicles, row, None).await?;
        }
        vins.insert(vin);
    }
    Ok(vins)
}

async fn tables_without_indexes(world: Arc<World>) -> Result<()> {
    let tables = TableNames {
        authorized_vehicles: "existing-authorized".to_owned(),
        provisioned_vehicles: "existing-provisioned".to_owned(),
        provisioning_attempts: "existing-attempts".to_owned(),
        operator_actions: world.operator_actions_table().await?,
        claim_certificates: world.claim_certificates_table().await?,
    };
    let vins = fill(&world, &tables).await?;
    let edge = world.edge(NativeTransport::new(Duration::from_secs(20)), &tables)?;
    let mut found = Vec::new();
    let mut cursor: Option<Cursor> = None;
    loop {
        let route = Route::Vehicles(VehiclesQuery { cursor, ..VehiclesQuery::default() });
        let response = answer(&edge, http::Request::get(route.path()).body(Vec::new())?).await;
        let page: VehiclesPage = serde_json::from_slice(response.body())
            .with_context(|| String::from_utf8_lossy(response.body()).into_owned())?;
        ensure!(page.notice.as_deref().is_some_and(|notice| notice.contains("lack the indexes")), "{:?}", page.notice);
        found.extend(page.vehicles);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    ensure!(found.len() == vins.len(), "{} vehicles were listed, some twice or never", found.len());
    let listed: BTreeSet<_> = found.iter().map(|vehicle| vehicle.vin.to_string()).collect();
    ensure!(listed == vins, "not every vehicle was listed");
    for vehicle in &found {
        let number: usize = vehicle.vin.as_str()[8..].parse()?;
        let wanted = [VehicleStanding::NotAllowed, VehicleStanding::Authorized, VehicleStanding::Connected][number % 3];
        ensure!(vehicle.standing == wanted, "{vehicle:?}");
        ensure!(vehicle.make.as_deref() != Some("AUTHORIZED_VEHICLE_NOT_FOUND"), "{vehicle:?}");
    }
    let one = http::Request::get(Route::Vehicle("EX1ST1NG000000002".to_owned()).path()).body(Vec::new())?;
    let details: VehicleDetails = serde_json::from_slice(answer(&edge, one).await.body())?;
    ensure!(details.certificates[0].record.certificate_status == CertificateStatus::Active, "{details:?}");
    Ok(())
}
