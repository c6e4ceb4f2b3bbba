//! Finding vehicles. The module before could only scan a table (its weakness 11).

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Result, ensure};
use aws::dynamodb::{Item, put_item};
use libtest_mimic::Trial;
use shared::api::{ApiError, Cursor, Route, VehiclesQuery};
use shared::{VehicleStanding, Vin};
use stories::{World, eventually, text, truth};

use crate::Teller;

/// More than two pages.
const FLEET: usize = 120;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    vec![
        teller.fact("rows_that_a_plants_script_wrote_are_found_listed_and_provisioned", rows_of_other_tools),
        teller.fact("a_vehicle_is_found_by_where_it_stands", by_standing),
        teller.fact("a_cursor_that_was_made_up_is_refused", made_up_cursors),
    ]
}

/// All VINs that a query finds, page by page.
async fn all(world: &World, query: VehiclesQuery) -> Result<Vec<Vin>> {
    let mut found = Vec::new();
    let mut cursor = None;
    loop {
        let page = world.api.vehicles(VehiclesQuery { cursor, ..query.clone() }).await?;
        found.extend(page.vehicles.into_iter().map(|vehicle| vehicle.vin));
        cursor = page.next;
        if cursor.is_none() {
            return Ok(found);
        }
    }
}

async fn rows_of_other_tools(world: Arc<World>) -> Result<()> {
    let vins: BTreeSet<String> = (0..FLEET).map(|number| format!("PLANT{number:012}")).collect();
    for vin in &vins {
        let row = Item::from([
            text("vin", vin),
            text("make", "Nordwerk"),
            text("model", "Tind"),
            text("year", "2026"),
            truth("allow_provisioning", true),
        ]);
        put_item(&world.administrator, &world.stack.authorized_vehicles_table, row, None).await?;
    }
    let query = VehiclesQuery { prefix: Some("plant".to_owned()), ..VehiclesQuery::default() };
    eventually("all rows of the plant are listed, in order, each once", async || {
        let found = all(&world, query.clone()).await?;
        ensure!(found.iter().map(Vin::as_str).eq(vins.iter().map(String::as_str)), "{} are listed", found.len());
        Ok(())
    })
    .await?;
    let one = VehiclesQuery { prefix: Some("PLANT000000000007".to_owned()), ..VehiclesQuery::default() };
    ensure!(all(&world, one).await?.len() == 1, "the whole VIN finds other vehicles");
    let none = VehiclesQuery { prefix: Some("PLANTX".to_owned()), ..VehiclesQuery::default() };
    ensure!(all(&world, none).await?.is_empty());
    world.provisioned("PLANT000000000007").await?;
    Ok(())
}

async fn by_standing(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    world.provisioned(&vin).await?;
    let wanted = Vin::try_from(vin)?;
    for standing in VehicleStanding::ALL {
        let query =
            VehiclesQuery { standing: Some(standing), prefix: Some(wanted.to_string()), ..VehiclesQuery::default() };
        let found = all(&world, query).await?;
        ensure!(found.contains(&wanted) == (standing == VehicleStanding::Provisioned), "{standing:?}: {found:?}");
    }
    Ok(())
}

async fn made_up_cursors(world: Arc<World>) -> Result<()> {
    for cursor in ["x", "e30", "bnVsbA", "%00", "eyJBZnRlciI6Ii4uLyJ9"] {
        let query = VehiclesQuery { cursor: Some(Cursor(cursor.to_owned())), ..VehiclesQuery::default() };
        let answer = world.api.read::<serde_json::Value>(&Route::Vehicles(query)).await?;
        ensure!(matches!(answer, Err(ApiError::InvalidRequest { .. })), "{cursor:?} was answered {answer:?}");
    }
    Ok(())
}
