//! Making the VINs known, as an operator does.

use std::collections::BTreeSet;

use aws::tables::TableNames;
use aws::{Aws, NativeTransport};
use futures::stream::{self, StreamExt, TryStreamExt};
use shared::Vin;

use crate::{LoadError, Plan, Stop};

/// Authorizes every VIN once. Ends early when it is asked to.
pub(crate) async fn authorize(
    aws: &Aws<NativeTransport>,
    tables: &TableNames,
    plan: &Plan,
    vins: &BTreeSet<Vin>,
    stop: &Stop,
    done: impl Fn(),
) -> Result<(), LoadError> {
    let one = async |vin: &Vin| {
        if stop.is_asked() {
            return Ok(());
        }
        let effects = provisioning_rules::authorize(vin.clone(), "Load", "Test", "", "load test", aws.now());
        aws::perform(aws, tables, effects, |_| {}).await.map_err(LoadError::performing("authorize the VINs"))?;
        done();
        Ok(())
    };
    stream::iter(vins.iter().map(one)).buffer_unordered(plan.concurrency.get() as usize).try_collect().await
}
