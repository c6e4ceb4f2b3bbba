use provisioning_rules::{AuthorityChange as Change, AuthorityRegistration};
use shared::{AuthorityId, AuthorityRecord};

use super::delete::unless_gone;
use crate::dynamodb::{CONDITION_FAILED, put_item};
use crate::iot::{AuthorityChange, delete_ca_certificate, register_ca_certificate, update_ca_certificate};
use crate::tables::{TableNames, authority_actions};
use crate::{Aws, AwsError, Transport};

/// A repeat after a lost answer meets itself: its key names its time and what was done.
pub(super) async fn record<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    record: &AuthorityRecord,
) -> Result<(), AwsError> {
    let item = authority_actions::to_item(record);
    match put_item(aws, &tables.operator_actions, item, Some("attribute_not_exists(vin)")).await {
        Err(error) if error.code() == Some(CONDITION_FAILED) => Ok(()),
        result => result,
    }
}

/// A repeat after a lost answer meets the authority it registered.
pub(super) async fn register<T: Transport>(aws: &Aws<T>, registration: &AuthorityRegistration) -> Result<(), AwsError> {
    let AuthorityRegistration { certificate_pem, verification_pem, mode, just_in_time, .. } = registration;
    match register_ca_certificate(aws, certificate_pem, verification_pem.as_deref(), *mode, *just_in_time).await {
        Err(error) if error.code() == Some("ResourceAlreadyExistsException") => Ok(()),
        result => result.map(drop),
    }
}

pub(super) async fn change<T: Transport>(aws: &Aws<T>, id: &AuthorityId, change: Change) -> Result<(), AwsError> {
    let change = match change {
        Change::Activate => AuthorityChange::Active(true),
        Change::Deactivate => AuthorityChange::Active(false),
        Change::AllowJustInTime => AuthorityChange::JustInTime(true),
        Change::EndJustInTime => AuthorityChange::JustInTime(false),
    };
    update_ca_certificate(aws, id, change).await
}

pub(super) async fn delete<T: Transport>(aws: &Aws<T>, id: &AuthorityId) -> Result<(), AwsError> {
    unless_gone(delete_ca_certificate(aws, id).await)
}
