//! Making the VINs known, as a plant's tools do: a row for each in AuthorizedVehicles.

use std::collections::BTreeSet;

use aws::dynamodb::{Item, put_item};
use aws::tables::authorized_vehicles::{VIN_SHARD, key};
use aws::tables::shard_of;
use aws::{Aws, NativeTransport};
use futures::stream::{self, StreamExt, TryStreamExt};
use shared::Vin;

use crate::{LoadError, Plan, Stop};

/// Authorizes every VIN once. Ends early when it is asked to.
pub(crate) async fn authorize(
    aws: &Aws<NativeTransport>,
    table: &str,
    plan: &Plan,
    vins: &BTreeSet<Vin>,
    stop: &Stop,
    done: impl Fn(),
) -> Result<(), LoadError> {
    let one = async |vin: &Vin| {
        if stop.is_asked() {
            return Ok(());
        }
        put_item(aws, table, row(vin), None).await.map_err(LoadError::attempting("authorize the VINs"))?;
        done();
        Ok(())
    };
    stream::iter(vins.iter().map(one)).buffer_unordered(plan.concurrency.get() as usize).try_collect().await
}

/// The attributes that every tool writes, and the shard, so that the table's stream has nothing to add.
fn row(vin: &Vin) -> Item {
    let mut row = key(vin);
    for (name, value) in [("make", "Load"), ("model", "Test"), ("year", "2026")] {
        row.insert(name.to_owned(), value.into());
    }
    row.insert("allow_provisioning".to_owned(), true.into());
    row.insert(VIN_SHARD.to_owned(), shard_of(vin).into());
    row
}
