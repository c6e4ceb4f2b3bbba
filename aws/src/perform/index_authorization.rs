use shared::Vin;

use crate::dynamodb::{CONDITION_FAILED, Update, update_item};
use crate::tables::authorized_vehicles::{VIN, VIN_SHARD, key};
use crate::tables::{TableNames, shard_of};
use crate::{Aws, AwsError, Transport};

/// A row that was deleted in the meantime needs no index entry.
pub(super) async fn index_authorization<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    vin: &Vin,
) -> Result<(), AwsError> {
    let update = Update::of(&tables.authorized_vehicles, key(vin))
        .set(format!("SET {VIN_SHARD} = :shard"))
        .when(format!("attribute_exists({VIN})"))
        .value(":shard", shard_of(vin));
    match update_item(aws, &update).await {
        Err(error) if error.code() == Some(CONDITION_FAILED) => Ok(()),
        result => result,
    }
}
