use provisioning_rules::{AuthorityChange as Change, AuthorityRegistration};
use shared::AuthorityId;

use super::delete::unless_gone;
use crate::iot::{AuthorityChange, delete_ca_certificate, register_ca_certificate, update_ca_certificate};
use crate::{Aws, AwsError, Transport};

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
