use aws::Transport;
use aws::dynamodb::get_item;
use aws::tables::operator_actions::{from_item, key};
use shared::api::ApiError;
use shared::{Receipt, ReceiptId};

use crate::{Deployment, Operator, failure};

/// One receipt.
pub(crate) async fn show_receipt<T: Transport>(
    deployment: &Deployment<T>,
    _operator: &Operator,
    typed_vin: &str,
    receipt_id: &ReceiptId,
) -> Result<Receipt, ApiError> {
    let vin = deployment.vin(typed_vin)?;
    let item = get_item(&deployment.aws, &deployment.tables.operator_actions, key(&vin, receipt_id))
        .await
        .map_err(failure::of_read)?;
    let item = item.ok_or(ApiError::NoSuchReceipt { vin })?;
    from_item(&item).map_err(|row| ApiError::InvalidRequest { problem: row.to_string() })
}
