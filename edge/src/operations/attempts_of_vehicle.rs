use aws::dynamodb::{Query, query};
use aws::tables::provisioning_attempts::{VIN, from_item};
use aws::{AwsError, Transport};
use shared::api::UnreadableRow;
use shared::{ProvisioningAttempt, Vin};

use super::unreadable;
use crate::Deployment;

/// How many attempts a vehicle's page shows.
const SHOWN: u32 = 25;

/// The latest attempts of one vehicle, newest first; whether there are older ones; and what could not be read.
pub(super) async fn attempts_of_vehicle<T: Transport>(
    deployment: &Deployment<T>,
    vin: &Vin,
) -> Result<(Vec<ProvisioningAttempt>, bool, Vec<UnreadableRow>), AwsError> {
    let page = query(
        &deployment.aws,
        Query {
            table: &deployment.tables.provisioning_attempts,
            index: None,
            partition: (VIN, vin.as_str()),
            sort: None,
            descending: true,
            limit: Some(SHOWN),
            start: None,
        },
    )
    .await?;
    let mut problems = Vec::new();
    let attempts = page
        .items
        .iter()
        .filter_map(|item| from_item(item).map_err(|row| problems.push(unreadable("ProvisioningAttempts", row))).ok())
        .collect();
    Ok((attempts, page.last_evaluated_key.is_some(), problems))
}
