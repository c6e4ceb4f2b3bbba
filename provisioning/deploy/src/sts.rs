//! Security Token Service: whose account is this?

use aws::{Aws, AwsError, Service, Transport};

use crate::query;

const OPERATION: &str = "GetCallerIdentity";

/// The account that the credentials belong to: 12 digits.
pub async fn account_id<T: Transport>(aws: &Aws<T>) -> Result<String, AwsError> {
    let xml = query::ask(aws, Service::Sts, "2011-06-15", OPERATION, &[]).await?;
    let document = query::parsed(Service::Sts, OPERATION, &xml)?;
    query::text_below(document.root(), "Account")
        .ok_or_else(|| query::unreadable(Service::Sts, OPERATION, "it names no account"))
}
