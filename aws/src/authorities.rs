//! Reading what operators did to an authority.

use shared::{AuthorityId, AuthorityRecord};

use crate::dynamodb::{Query, query};
use crate::tables::{TableNames, authority_actions};
use crate::{Aws, AwsError, Transport};

/// What operators of this deployment did to an authority, the newest first, as far back as one page of the table goes: hundreds
/// of records. Read consistently.
pub async fn authority_records<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    id: &AuthorityId,
) -> Result<Vec<AuthorityRecord>, AwsError> {
    let page = query(
        aws,
        Query {
            table: &tables.operator_actions,
            index: None,
            partition: (authority_actions::PARTITION, id.as_str()),
            sort: None,
            descending: true,
            limit: None,
            start: None,
        },
    )
    .await?;
    Ok(page.items.iter().filter_map(authority_actions::from_item).collect())
}
