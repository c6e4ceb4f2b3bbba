//! A row of AuthorizedVehicles was written, by us or by any other tool.

use aws::dynamodb::Item;
use aws::tables::authorized_vehicles::{VIN_SHARD, from_item};
use provisioning_rules::Effect;
use serde_json::Value;

use crate::{Environment, Failure, log};

/// Makes rows that lack our attribute findable by the beginning of their VIN. Reads the records of the table's stream.
pub async fn index_authorized_vehicle(environment: &Environment, event: &Value) -> Result<Value, Failure> {
    let mut effects = Vec::new();
    for record in event["Records"].as_array().into_iter().flatten() {
        let image = &record["dynamodb"]["NewImage"];
        let Ok(item) = serde_json::from_value::<Item>(image.clone()) else { continue };
        if item.contains_key(VIN_SHARD) {
            continue;
        }
        match from_item(&item) {
            Ok(authorized) => effects.push(Effect::IndexAuthorization(authorized.vin)),
            Err(row) => log::warn("unreadable row", &[("row", row.to_string())]),
        }
    }
    environment.perform(effects).await?;
    Ok(Value::Null)
}
