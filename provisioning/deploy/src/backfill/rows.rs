//! The attribute that rows of AuthorizedVehicles are listed by, for rows that were written before anything gave it to them.

use std::time::{Duration, SystemTime};

use aws::dynamodb::{AttributeValue, Item, scan};
use aws::tables::TableNames;
use aws::tables::authorized_vehicles::{VIN, VIN_SHARD, from_item};
use aws::{Aws, PerformError, Transport, perform};
use provisioning_rules::Effect;

use super::BackfillOptions;
use crate::{DeployError, Progress, StackOutputs};

/// The most rows of one call.
const MOST: u32 = 100;

/// Reads the table page by page and gives the attribute to the rows that lack it, as the function behind the table's stream
/// does to new ones.
pub(super) async fn index<T: Transport>(
    aws: &Aws<T>,
    outputs: &StackOutputs,
    options: &BackfillOptions,
    tell: &mut impl FnMut(Progress),
) -> Result<(), DeployError> {
    let tables = table_names(outputs);
    let rate = options.rows_per_second.max(1);
    let mut start = options.after.as_deref().map(|vin| Item::from([(VIN.to_owned(), vin.into())]));
    let (mut read, mut indexed) = (0, 0);
    loop {
        let began = aws.transport.now();
        let page = match scan(aws, &tables.authorized_vehicles, rate.min(MOST), start.clone()).await {
            Ok(page) => page,
            Err(error) => return Err(stopped(indexed, start.as_ref(), error.into())),
        };
        let mut effects = Vec::new();
        for item in page.items.iter().filter(|item| !item.contains_key(VIN_SHARD)) {
            match from_item(item) {
                Ok(authorized) => effects.push(Effect::IndexAuthorization(authorized.vin)),
                Err(row) => tell(Progress::UnreadableRow(row.to_string())),
            }
        }
        read += page.items.len() as u64;
        let count = effects.len() as u64;
        if let Err(error) = perform(aws, &tables, effects, |_| {}).await {
            let done = error.done().steps.len() as u64;
            return Err(stopped(indexed + done, start.as_ref(), cause(error)));
        }
        indexed += count;
        start = page.last_evaluated_key;
        tell(Progress::Backfilled { read, indexed, after: start.as_ref().and_then(vin_of).map(str::to_owned) });
        if start.is_none() {
            return Ok(());
        }
        let whole = Duration::from_secs_f64(page.items.len() as f64 / f64::from(rate));
        let spent = SystemTime::duration_since(&aws.transport.now(), began).unwrap_or_default();
        aws.transport.pause(whole.saturating_sub(spent)).await;
    }
}

/// Whether there is such a row among the first of the table.
pub(super) async fn any_without_index<T: Transport>(aws: &Aws<T>, outputs: &StackOutputs) -> Result<bool, DeployError> {
    let page = scan(aws, &outputs.authorized_vehicles_table, MOST, None).await?;
    // One that cannot be read would not be indexed either.
    Ok(page.items.iter().any(|item| !item.contains_key(VIN_SHARD) && from_item(item).is_ok()))
}

fn stopped(indexed: u64, start: Option<&Item>, source: DeployError) -> DeployError {
    let again = match start.and_then(vin_of) {
        Some(vin) => format!("`deploy backfill --after {vin}` goes on from there"),
        None => "run `deploy backfill` again".to_owned(),
    };
    DeployError::BackfillStopped { indexed, again, source: Box::new(source) }
}

fn cause(error: PerformError) -> DeployError {
    match error {
        PerformError::Failed { source, .. } => source.into(),
        error @ PerformError::FactsChanged { .. } => DeployError::Unexpected(error.to_string()),
    }
}

fn vin_of(key: &Item) -> Option<&str> {
    key.get(VIN).and_then(AttributeValue::as_text)
}

fn table_names(outputs: &StackOutputs) -> TableNames {
    TableNames {
        authorized_vehicles: outputs.authorized_vehicles_table.clone(),
        provisioned_vehicles: outputs.provisioned_vehicles_table.clone(),
        provisioning_attempts: outputs.provisioning_attempts_table.clone(),
        operator_actions: outputs.operator_actions_table.clone(),
        claim_certificates: outputs.claim_certificates_table.clone(),
    }
}
