use aws::Transport;
use shared::api::{ApiError, Cursor, ReceiptsPage};

use super::cursor;
use super::receipts_of_vehicle::receipts_of_vehicle;
use crate::{Deployment, Operator, failure};

/// How many receipts a page has.
const PAGE: usize = 25;

/// The receipts of the actions on a vehicle's certificates, newest first.
pub(crate) async fn list_receipts<T: Transport>(
    deployment: &Deployment<T>,
    _operator: &Operator,
    typed_vin: &str,
    place: Option<&Cursor>,
) -> Result<ReceiptsPage, ApiError> {
    let vin = deployment.vin(typed_vin)?;
    let before: Option<String> = cursor::unwrap(place)?;
    receipts_of_vehicle(deployment, &vin, PAGE, before.as_deref()).await.map_err(failure::of_read)
}
