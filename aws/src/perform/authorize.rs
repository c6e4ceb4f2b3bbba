use provisioning_rules::Authorization;
use shared::CertificateStatus;

use crate::dynamodb::{Update, Write, transact_write_items, update_item};
use crate::tables::authorized_vehicles::{
    ADMITTED_CERTIFICATE_ID, ALLOW_PROVISIONING, AUTHORIZED_AT, AUTHORIZED_BY, EXPECTED_CLAIM_CERTIFICATE_ID, MAKE,
    MODEL, VIN, VIN_SHARD, YEAR, key,
};
use crate::tables::{TableNames, provisioned_vehicles, shard_of};
use crate::{Aws, AwsError, Transport};

/// Makes the row, or changes what it says of the vehicle; its admissions and tickets stay. A vehicle that has come in the
/// meantime is not expected with a claim: then nothing is done.
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
    let mut checks = Vec::new();
    if let Some(expected) = &authorization.expected_claim {
        update.update_expression.push_str(&format!(", {EXPECTED_CLAIM_CERTIFICATE_ID} = :claim"));
        update = update.value(":claim", expected.id.as_str());
        update = match &expected.in_place_of {
            Some(before) => {
                update.when(format!("{ADMITTED_CERTIFICATE_ID} = :before")).value(":before", before.as_str())
            }
            None => update.when(format!("attribute_not_exists({ADMITTED_CERTIFICATE_ID})")),
        };
        if let (Some(before), true) = (&expected.in_place_of, expected.previous_never_registered) {
            checks.push(Write::ConditionCheck(
                Update::of(&tables.provisioned_vehicles, provisioned_vehicles::key(vin, before))
                    .when(format!("{} = :pending", provisioned_vehicles::CERTIFICATE_STATUS))
                    .value(":pending", CertificateStatus::PendingActivation.as_str()),
            ));
        }
    }
    // YEAR is a reserved word of DynamoDB.
    update.expression_attribute_names.insert("#year".to_owned(), YEAR.to_owned());
    if checks.is_empty() {
        return update_item(aws, &update).await;
    }
    checks.push(Write::Update(update));
    transact_write_items(aws, &checks).await
}
