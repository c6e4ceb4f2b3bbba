//! Listing vehicles from sorted index partitions, read at once and merged.

use std::collections::{BTreeMap, BTreeSet};

use aws::dynamodb::{Item, batch_get_item};
use aws::tables::{authorized_vehicles, provisioned_vehicles};
use aws::{AwsError, Transport, gather};
use futures::future::try_join_all;
use provisioning_rules::VehicleFacts;
use shared::api::{VehiclesPage, VehiclesQuery};
use shared::{AuthorizedVehicle, Vin};

use super::sources::{SortedRows, Source};
use super::summary::summary;
use super::{PAGE, Position};
use crate::Deployment;
use crate::operations::{cursor, unreadable};

/// How many rounds of reading are made in search of vehicles that pass the filter, before what was found is answered.
const SEARCHED_ROUNDS: usize = 10;

pub(super) async fn list<T: Transport>(
    deployment: &Deployment<T>,
    asked: &VehiclesQuery,
    prefix: &str,
    mut after: Option<Vin>,
) -> Result<VehiclesPage, AwsError> {
    let mut page = VehiclesPage::default();
    let mut searched = 0;
    for _ in 0..SEARCHED_ROUNDS {
        let sources = Source::of(asked);
        let whole = Source::are_whole(&sources);
        let read =
            try_join_all(sources.into_iter().map(|source| source.read(deployment, prefix, after.as_ref()))).await?;
        let (mut vehicles, last) = merge(read, &mut page);
        if !whole {
            complete(deployment, &mut vehicles).await?;
        }
        searched += vehicles.len();
        for facts in vehicles.into_values() {
            let summary = summary(&facts, deployment.now());
            if asked.standing.is_none_or(|standing| standing == summary.standing) {
                page.vehicles.push(summary);
            }
            if page.vehicles.len() == PAGE {
                page.next = Some(cursor::wrap(&Position::After(facts.vin)));
                return Ok(page);
            }
        }
        match last {
            None => {
                page.next = None;
                return Ok(page);
            }
            Some(vin) => {
                page.next = Some(cursor::wrap(&Position::After(vin.clone())));
                after = Some(vin);
            }
        }
    }
    page.notice = Some(format!("{searched} vehicles were searched for this filter: go on to search more."));
    Ok(page)
}

/// Groups rows into vehicles, up to where every partition is whole. The second value is the last VIN that was looked at,
/// where there is more behind it.
fn merge(read: Vec<SortedRows>, page: &mut VehiclesPage) -> (BTreeMap<Vin, VehicleFacts>, Option<Vin>) {
    let whole_before = read.iter().filter_map(|rows| rows.whole_before.clone()).min();
    let is_whole = |vin: &str| whole_before.as_deref().is_none_or(|end| vin < end);
    let mut vehicles = BTreeMap::new();
    let mut last = None;
    for SortedRows { source, rows, .. } in read {
        for (vin, item) in rows.into_iter().filter(|(vin, _)| is_whole(vin)) {
            add(&source, &item, &mut vehicles, page);
            if let Ok(vin) = Vin::try_from(vin) {
                last = last.max(Some(vin));
            }
        }
    }
    (vehicles, whole_before.and(last))
}

fn add(source: &Source, item: &Item, vehicles: &mut BTreeMap<Vin, VehicleFacts>, page: &mut VehiclesPage) {
    match source {
        Source::Authorized(_) => match authorized_vehicles::from_item(item) {
            Ok(authorized) => add_authorization(vehicles, authorized),
            Err(row) => page.unreadable.push(unreadable("AuthorizedVehicles", row)),
        },
        Source::Status(_) | Source::Claim(_) => match provisioned_vehicles::from_item(item) {
            Ok(row) => facts_of(vehicles, row.vin.clone()).provisioned.push(row),
            Err(row) => page.unreadable.push(unreadable("ProvisionedVehicles", row)),
        },
    }
}

fn add_authorization(vehicles: &mut BTreeMap<Vin, VehicleFacts>, authorized: AuthorizedVehicle) {
    let facts = facts_of(vehicles, authorized.vin.clone());
    facts.authorized = Some(authorized);
}

fn facts_of(vehicles: &mut BTreeMap<Vin, VehicleFacts>, vin: Vin) -> &mut VehicleFacts {
    let nothing_yet = VehicleFacts { vin: vin.clone(), authorized: None, provisioned: Vec::new() };
    vehicles.entry(vin).or_insert(nothing_yet)
}

/// Fetches what a listing of some partitions leaves out: the authorizations, and the certificate each vehicle was admitted
/// with last. Vehicles that these rules never admitted name none, so all of their rows are read.
async fn complete<T: Transport>(
    deployment: &Deployment<T>,
    vehicles: &mut BTreeMap<Vin, VehicleFacts>,
) -> Result<(), AwsError> {
    let tables = &deployment.tables;
    let keys = vehicles.keys().map(authorized_vehicles::key).collect();
    for item in batch_get_item(&deployment.aws, &tables.authorized_vehicles, keys).await? {
        if let Ok(authorized) = authorized_vehicles::from_item(&item) {
            add_authorization(vehicles, authorized);
        }
    }
    let mut keys = Vec::new();
    let mut without_admission = BTreeSet::new();
    for (vin, facts) in vehicles.iter() {
        match facts.admitted() {
            Some(admitted) if facts.row(admitted).is_none() => keys.push(provisioned_vehicles::key(vin, admitted)),
            Some(_) => {}
            None => {
                without_admission.insert(vin.clone());
            }
        }
    }
    for item in batch_get_item(&deployment.aws, &tables.provisioned_vehicles, keys).await? {
        if let Ok(row) = provisioned_vehicles::from_item(&item) {
            facts_of(vehicles, row.vin.clone()).provisioned.push(row);
        }
    }
    for vin in without_admission {
        let gathered = gather(&deployment.aws, tables, &vin).await?;
        vehicles.insert(vin, gathered.facts);
    }
    Ok(())
}
