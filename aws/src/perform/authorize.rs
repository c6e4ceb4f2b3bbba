use provisioning_rules::Authorization;

use crate::dynamodb::{Update, update_item};
use crate::tables::authorized_vehicles::{
    ALLOW_PROVISIONING, AUTHORIZED_AT, AUTHORIZED_BY, EXPECTED_CLAIM_CERTIFICATE_ID, MAKE, MODEL, VIN, VIN_SHARD, YEAR,
    key,
};
use crate::tables::{TableNames, shard_of};
use crate::{Aws, AwsError, Transport};

/// Makes the row, or changes what it says of the vehicle; its admissions and tickets stay.
pub(super) async fn authorize<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    authorization: &Authorization,
) -> Result<(), AwsError> {
    let vin = &authorization.vin;
    let mut update = Update::of(&tables.authorized_vehicles, key(vin))
        .set(format!(
            "SET {MAKE} = :make, {MODEL} = :model, #year = :year, {ALLOW_PROVISIONING} = :true, {VIN_SHARD} = :shard, \
             {AUTHORIZED_BY} = :by, {AUTHORIZED_AT} = :at"
        ))
        // The one update that may make a row says so.
        .when(format!("attribute_not_exists({VIN}) OR attribute_exists({VIN})"))
        .value(":make", authorization.make.clone())
        .value(":model", authorization.model.clone())
        .value(":year", authorization.year.clone())
        .value(":true", true)
        .value(":shard", shard_of(vin))
        .value(":by", authorization.by.clone())
        .value(":at", authorization.at.to_string());
    if let Some(claim) = &authorization.expected_claim {
        update.update_expression.push_str(&format!(", {EXPECTED_CLAIM_CERTIFICATE_ID} = :claim"));
        update = update.value(":claim", claim.as_str());
    }
    // YEAR is a reserved word of DynamoDB.
    update.expression_attribute_names.insert("#year".to_owned(), YEAR.to_owned());
    update_item(aws, &update).await
}
