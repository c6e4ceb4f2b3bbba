use std::time::Duration;

use shared::CertificateId;

use crate::iot::delete_certificate;
use crate::{Aws, AwsError, Transport};

/// Detaching takes effect a little later: how often, and how long apart, a deletion is tried again.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(200);

/// What is gone needs no change.
pub(super) fn unless_gone(result: Result<(), AwsError>) -> Result<(), AwsError> {
    match result {
        Err(error) if error.is_not_found() => Ok(()),
        result => result,
    }
}

/// Deletes a certificate that nobody registered. One that AWS IoT will not give up is somebody's, and stays; one that
/// could not be deleted now, AWS IoT deletes by itself. Either is worth a warning and no more: the denial stands.
pub(super) async fn pending<T: Transport>(aws: &Aws<T>, id: &CertificateId) -> Result<Option<String>, AwsError> {
    let warning = |error| format!("The unregistered certificate {id} was left to AWS IoT to delete: {error}");
    Ok(unless_gone(delete_certificate(aws, id).await).err().map(warning))
}

/// Deletes a certificate that was just detached.
pub(super) async fn detached<T: Transport>(aws: &Aws<T>, id: &CertificateId) -> Result<(), AwsError> {
    for _ in 1..TRIES {
        match unless_gone(delete_certificate(aws, id).await) {
            Err(error) if matches!(error.code(), Some("DeleteConflictException" | "CertificateStateException")) => {
                aws.transport.pause(PAUSE).await;
            }
            result => return result,
        }
    }
    unless_gone(delete_certificate(aws, id).await)
}
