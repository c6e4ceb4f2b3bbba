//! Many vehicles at once.

use std::num::NonZeroU32;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use load::{Plan, Summary, VinChoice, stop_switch};
use shared::api::{Route, VehiclesPage, VehiclesQuery};
use stories::World;
use vehicle::Keys;

use crate::Teller;

const VEHICLES: u32 = 8;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    vec![
        teller.fact("of_many_vehicles_with_one_vin_at_once_exactly_one_stays", one_vin),
        teller.fact("many_vehicles_at_once_all_get_in_and_can_be_removed_without_a_trace", many_vins),
        teller.fact("a_load_test_that_is_interrupted_sends_no_more_and_removes_what_it_made", interrupted),
    ]
}

fn plan(vin: VinChoice) -> Result<Plan> {
    let number = |number: u32| NonZeroU32::new(number).context("a number");
    // All at once: what a load test must not do to an account is what shows a race.
    let (concurrency, rate) = (number(VEHICLES)?, number(1000)?);
    Ok(Plan { vehicles: VEHICLES, vin, concurrency, rate, keys: Keys::MadeByVehicle, clean: true })
}

async fn carried_out(world: &World, plan: &Plan) -> Result<Summary> {
    let (_switch, stop) = stop_switch();
    let summary = load::run(&world.stack_file(), plan, |_| None, &stop, |_| {}).await?;
    ensure!(summary.is_as_expected(), "{summary}");
    ensure!(summary.quiet.vins_with_two_active.is_empty() && summary.errors.is_empty(), "{summary}");
    ensure!(vehicles_left(world, &summary).await? == 0, "vehicles of the load test are left");
    Ok(summary)
}

async fn vehicles_left(world: &World, summary: &Summary) -> Result<usize> {
    let query = VehiclesQuery { prefix: Some(summary.vins_begin_with.clone()), ..VehiclesQuery::default() };
    let page: VehiclesPage = world.api.read(&Route::Vehicles(query)).await??;
    Ok(page.vehicles.len())
}

async fn one_vin(world: Arc<World>) -> Result<()> {
    let summary = carried_out(&world, &plan(VinChoice::Same)?).await?;
    ensure!(summary.quiet.active_certificates == 1 && summary.quiet.vins_with_one_active == 1, "{summary}");
    let denied: u64 = summary.denied.values().sum();
    ensure!(summary.allowed >= 1 && summary.allowed + denied == u64::from(VEHICLES), "{summary}");
    ensure!(!summary.denied.contains_key("AccessDenied"), "the reasons were not read: {summary}");
    Ok(())
}

async fn many_vins(world: Arc<World>) -> Result<()> {
    let summary = carried_out(&world, &plan(VinChoice::Many)?).await?;
    ensure!(summary.allowed == u64::from(VEHICLES) && summary.denied.is_empty(), "{summary}");
    ensure!(summary.quiet.vins_with_one_active == VEHICLES as usize, "{summary}");
    let register_thing = summary.register_thing.context("nothing was measured")?;
    ensure!(register_thing.of == VEHICLES as usize && register_thing.p50 <= register_thing.p99, "{summary}");
    let cleaned = summary.cleaned.context("nothing was removed")?;
    ensure!(cleaned.certificates == u64::from(VEHICLES) && cleaned.things == u64::from(VEHICLES), "{summary}");
    Ok(())
}

async fn interrupted(world: Arc<World>) -> Result<()> {
    let (switch, stop) = stop_switch();
    let switch = std::cell::RefCell::new(Some(switch));
    // The end is asked for when the first vehicle has its verdict; at one at a time, the others were not sent yet.
    let plan = Plan { concurrency: NonZeroU32::MIN, ..plan(VinChoice::Many)? };
    let provisioning = std::cell::Cell::new(false);
    let progress = |step| match step {
        load::Progress::Begins { what, .. } => provisioning.set(what.contains("provisioning")),
        load::Progress::One if provisioning.get() => {
            if let Some(switch) = switch.borrow().as_ref() {
                let _ = switch.send(true);
            }
        }
        load::Progress::One => {}
    };
    let summary = load::run(&world.stack_file(), &plan, |_| None, &stop, progress).await?;
    drop(switch.take());
    ensure!(summary.interrupted && summary.allowed == 1, "{summary}");
    ensure!(summary.not_started == u64::from(VEHICLES) - 1, "{summary}");
    let cleaned = summary.cleaned.context("nothing was removed")?;
    ensure!(cleaned.certificates == 1 && cleaned.things == 1, "{summary}");
    Ok(())
}
