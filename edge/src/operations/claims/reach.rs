use aws::dynamodb::{Item, KeyCondition, Query, query};
use aws::tables::authorized_vehicles::{EXPECTED_CLAIM_CERTIFICATE_ID, EXPECTED_CLAIM_INDEX, VIN};
use aws::{AwsError, Transport, count_expected_with_any};
use provisioning_rules::may_burn_claim;
use shared::api::{ApiError, ClaimReach, Cursor};
use shared::{ClaimCertificateId, Vin};

use super::COUNTED;
use super::known::record_of;
use super::show::show_claim;
use super::tries::tries;
use crate::operations::cursor;
use crate::{Deployment, Operator, failure};

/// How many of the vehicles that are still expected a page has.
const PAGE: u32 = 50;

/// Whom a claim certificate let in, whom it did not, and who is still to come with it.
pub(crate) async fn show_claim_reach<T: Transport>(
    deployment: &Deployment<T>,
    _operator: &Operator,
    id: &ClaimCertificateId,
    from: Option<&Cursor>,
) -> Result<ClaimReach, ApiError> {
    let after: Option<Vin> = cursor::unwrap(from)?;
    let record = record_of(deployment, id).await?;
    let burn = may_burn_claim(&record).into();
    let (claim, (expected_vins, more), expected_with_any, tries) = futures::try_join!(
        show_claim(deployment, id.clone(), Some(record)),
        expected_vins(deployment, id, after.as_ref()),
        count_expected_with_any(&deployment.aws, &deployment.tables, COUNTED),
        tries(deployment, id),
    )
    .map_err(failure::of_read)?;
    let next = if more { expected_vins.last().map(cursor::wrap) } else { None };
    Ok(ClaimReach { claim, expected_vins, next, expected_with_any, tries, burn, now: deployment.now() })
}

/// The next vehicles that are still expected, and whether there are more. A table without the index expects none.
async fn expected_vins<T: Transport>(
    deployment: &Deployment<T>,
    id: &ClaimCertificateId,
    after: Option<&Vin>,
) -> Result<(Vec<Vin>, bool), AwsError> {
    // In the order of ASCII, '!' comes before and '~' after every character of a VIN.
    let low = after.map_or_else(|| "!".to_owned(), |vin| format!("{vin}!"));
    let page = query(
        &deployment.aws,
        Query {
            table: &deployment.tables.authorized_vehicles,
            index: Some(EXPECTED_CLAIM_INDEX),
            partition: (EXPECTED_CLAIM_CERTIFICATE_ID, id.as_str()),
            sort: Some(KeyCondition::Between(VIN, &low, "~")),
            descending: false,
            limit: Some(PAGE),
            start: None,
        },
    )
    .await;
    let page = match page {
        Err(error) if matches!(error.code(), Some("ValidationException" | "ResourceNotFoundException")) => {
            return Ok((Vec::new(), false));
        }
        page => page?,
    };
    let vin =
        |item: &Item| item.get(VIN).and_then(|value| value.as_text()).and_then(|vin| vin.to_owned().try_into().ok());
    Ok((page.items.iter().filter_map(vin).collect(), page.last_evaluated_key.is_some()))
}
