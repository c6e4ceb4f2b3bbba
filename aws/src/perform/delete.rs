use std::time::Duration;

use shared::{CertificateId, CertificateStatus};

use super::detach::detach;
use crate::iot::{delete_certificate, describe_certificate};
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

/// Detaches and deletes a certificate that did not come by claim and is not active. Failing to is worth a warning and no
/// more, as above; but AWS IoT does not delete it by itself.
pub(super) async fn unused<T: Transport>(aws: &Aws<T>, id: &CertificateId) -> Option<String> {
    let kept = |why: String| {
        Some(format!(
            "The unused certificate {id} is still in AWS IoT, which does not delete it by itself: {why}. It is deleted when its \
             vehicle comes with it once more, or by hand."
        ))
    };
    match describe_certificate(aws, id).await {
        Ok(None) => return None,
        Ok(Some(certificate)) if certificate.status == Some(CertificateStatus::Active) => {
            return Some(format!("Certificate {id} is active by now, so it is not deleted."));
        }
        Ok(Some(_)) => {}
        Err(error) => return kept(error.to_string()),
    }
    let removed = match detach(aws, id).await {
        Ok(()) => detached(aws, id).await,
        Err(error) => Err(error),
    };
    removed.err().and_then(|error| kept(error.to_string()))
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
