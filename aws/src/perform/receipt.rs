use shared::Receipt;

use crate::dynamodb::{CONDITION_FAILED, put_item};
use crate::tables::TableNames;
use crate::tables::operator_actions::{NO_OUTCOME, to_item};
use crate::{Aws, AwsError, Transport};

/// Writes the receipt, unless its outcome is there already: then that one is this one, after a lost answer.
pub(super) async fn record_receipt<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    receipt: &Receipt,
) -> Result<(), AwsError> {
    match put_item(aws, &tables.operator_actions, to_item(receipt), Some(NO_OUTCOME)).await {
        Err(error) if error.code() == Some(CONDITION_FAILED) => Ok(()),
        result => result,
    }
}
