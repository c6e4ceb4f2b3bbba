//! The vehicles, by the beginning of their VIN, by where they stand, or by the claim certificate that admitted them.

mod by_index;
mod by_scan;
mod sources;
mod summary;

use aws::{AwsError, Transport};
use serde::{Deserialize, Serialize};
use shared::Vin;
use shared::api::{ApiError, VehiclesPage, VehiclesQuery};

use super::cursor;
use crate::{Deployment, Operator, failure};

/// How many vehicles a page has.
const PAGE: usize = 50;

/// Where a listing goes on.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
enum Position {
    /// After this VIN, in the order of the VINs.
    After(Vin),
    /// Where a scan of a table stopped.
    Scan(by_scan::ScanPosition),
}

/// A page of vehicles, from the indexes where the tables have them. The tables of an existing deployment may not: then the
/// tables are scanned, and the page says so.
pub(crate) async fn list_vehicles<T: Transport>(
    deployment: &Deployment<T>,
    _operator: &Operator,
    asked: VehiclesQuery,
) -> Result<VehiclesPage, ApiError> {
    let prefix = canonical_prefix(asked.prefix.as_deref())?;
    let after = match cursor::unwrap(asked.cursor.as_ref())? {
        None => None,
        Some(Position::After(vin)) => Some(vin),
        Some(Position::Scan(position)) => {
            return by_scan::list(deployment, &asked, &prefix, Some(position)).await.map_err(failure::of_read);
        }
    };
    match by_index::list(deployment, &asked, &prefix, after).await {
        Err(error) if lacks_index(&error) => by_scan::list(deployment, &asked, &prefix, None).await,
        result => result,
    }
    .map_err(failure::of_read)
}

/// DynamoDB answers a query of an index that does not exist so.
fn lacks_index(error: &AwsError) -> bool {
    error.operation == "Query" && matches!(error.code(), Some("ValidationException" | "ResourceNotFoundException"))
}

/// The beginning of a VIN in the one spelling; it need not be long enough for a VIN.
fn canonical_prefix(typed: Option<&str>) -> Result<String, ApiError> {
    let letters: String = typed
        .unwrap_or_default()
        .chars()
        .filter(|character| !matches!(character, ' ' | '-' | '_' | '.' | '\t' | '\r' | '\n'))
        .map(|character| character.to_ascii_uppercase())
        .collect();
    if letters.is_empty() {
        return Ok(letters);
    }
    match Vin::try_from(letters) {
        Ok(vin) => Ok(vin.to_string()),
        Err(problem) => Err(ApiError::InvalidVin { problem: problem.to_string() }),
    }
}
