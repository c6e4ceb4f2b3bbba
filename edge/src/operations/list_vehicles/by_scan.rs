//! Listing vehicles of tables without our indexes: slower, in no order, and the page says so.

use aws::dynamodb::{Item, scan};
use aws::tables::provisioned_vehicles::VIN;
use aws::{AwsError, Transport, gather};
use serde::{Deserialize, Serialize};
use shared::Vin;
use shared::api::{VehiclesPage, VehiclesQuery};

use super::Position;
use super::summary::summary;
use crate::Deployment;
use crate::operations::{cursor, unreadable};

/// How many rows one round reads; each of their vehicles is then read whole.
const ROUND: u32 = 20;

/// How many rounds are made before what was found is answered.
const ROUNDS: usize = 5;

/// The tables are scanned one after the other: first the certificates, then the authorizations without any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Table {
    Provisioned,
    Authorized,
}

/// Where a scan stopped.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ScanPosition {
    table: Table,
    start: Option<Item>,
    /// The vehicle shown last: its other rows come next.
    last: Option<Vin>,
}

pub(super) async fn list<T: Transport>(
    deployment: &Deployment<T>,
    asked: &VehiclesQuery,
    prefix: &str,
    position: Option<ScanPosition>,
) -> Result<VehiclesPage, AwsError> {
    let mut position = position.unwrap_or(ScanPosition { table: Table::Provisioned, start: None, last: None });
    let mut page = VehiclesPage {
        notice: Some(
            "These tables lack the indexes of this console, so they are read as a whole: slowly and in no order. \
             Deploying this console's stack over them adds the indexes."
                .to_owned(),
        ),
        ..VehiclesPage::default()
    };
    for _ in 0..ROUNDS {
        let name = match position.table {
            Table::Provisioned => &deployment.tables.provisioned_vehicles,
            Table::Authorized => &deployment.tables.authorized_vehicles,
        };
        let read = scan(&deployment.aws, name, ROUND, position.start.take()).await?;
        for item in &read.items {
            show(deployment, asked, prefix, item, &mut position, &mut page).await?;
        }
        position = match (read.last_evaluated_key, position.table) {
            (Some(key), _) => ScanPosition { start: Some(key), ..position },
            (None, Table::Provisioned) => ScanPosition { table: Table::Authorized, start: None, last: None },
            (None, Table::Authorized) => return Ok(page),
        };
        if page.vehicles.len() >= super::PAGE {
            break;
        }
    }
    page.next = Some(cursor::wrap(&Position::Scan(position)));
    Ok(page)
}

/// Shows the vehicle of a row, unless it was shown with another of its rows.
async fn show<T: Transport>(
    deployment: &Deployment<T>,
    asked: &VehiclesQuery,
    prefix: &str,
    item: &Item,
    position: &mut ScanPosition,
    page: &mut VehiclesPage,
) -> Result<(), AwsError> {
    let text = item.get(VIN).and_then(|value| value.as_text()).unwrap_or_default();
    let Ok(vin) = Vin::try_from(text.to_owned()) else {
        let problem = "Its key is no VIN in upper case: correct or delete it.".to_owned();
        page.unreadable.push(shared::api::UnreadableRow { row: format!("{:?}: {text}", position.table), problem });
        return Ok(());
    };
    if position.last.as_ref() == Some(&vin) || !vin.as_str().starts_with(prefix) {
        return Ok(());
    }
    let gathered = gather(&deployment.aws, &deployment.tables, &vin).await?;
    let shown_before = position.table == Table::Authorized && !gathered.facts.provisioned.is_empty();
    position.last = Some(vin);
    if shown_before {
        return Ok(());
    }
    page.unreadable.extend(gathered.unreadable.into_iter().map(|row| unreadable("Vehicle", row)));
    let from_claim =
        |claim| gathered.facts.provisioned.iter().any(|row| row.claim_certificate_id.as_ref() == Some(claim));
    let summary = summary(&gathered.facts, deployment.now());
    let passes_standing = asked.standing.is_none_or(|standing| standing == summary.standing);
    if passes_standing && asked.claim.as_ref().is_none_or(from_claim) {
        page.vehicles.push(summary);
    }
    Ok(())
}
