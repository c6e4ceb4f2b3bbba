//! The first claim certificate: made once, kept in its secret, gone with the stack.

use aws::iot::{
    KeysAndCertificate, RequestedStatus, attach_policy, create_keys_and_certificate, delete_certificate, detach_policy,
    enable_thing_events, list_targets_for_policy, update_certificate,
};
use aws::secrets_manager::{create_secret, delete_secret, get_secret_value, secret_exists};
use aws::{Aws, AwsError, NativeTransport};
use shared::CertificateId;

use super::CustomResourceRequest;
use crate::{Failure, log};

/// Switches thing events on and makes sure that there is a claim certificate. One that exists is kept.
pub(super) async fn ensure(aws: &Aws<NativeTransport>, request: &CustomResourceRequest) -> Result<(), Failure> {
    enable_thing_events(aws).await?;
    let arn = if secret_exists(aws, &request.secret).await? {
        existing_claim(aws, &request.secret).await?
    } else {
        new_claim(aws, request).await?
    };
    attach_policy(aws, &request.claim_policy, &arn).await?;
    Ok(())
}

async fn existing_claim(aws: &Aws<NativeTransport>, secret: &str) -> Result<String, Failure> {
    let value = get_secret_value(aws, secret).await?;
    let claim: KeysAndCertificate = serde_json::from_str(&value).map_err(|_| {
        format!(
            "the secret {secret} does not hold a claim certificate in the expected shape \
             (certificateArn, certificateId, certificatePem, keyPair): correct or delete it and deploy again"
        )
    })?;
    Ok(claim.certificate_arn)
}

async fn new_claim(aws: &Aws<NativeTransport>, request: &CustomResourceRequest) -> Result<String, Failure> {
    let claim = create_keys_and_certificate(aws).await?;
    let id = CertificateId::try_from(claim.certificate_id.clone())?;
    log::info("made a claim certificate", &[("certificate_id", id.to_string())]);
    let value = serde_json::to_string(&claim)?;
    let description = "Claim certificate and key of vehicle provisioning: whoever reads it can ask to be provisioned.";
    let stored = create_secret(aws, &request.secret, description, &request.kms_key_id, &value, id.as_str()).await;
    if let Err(error) = stored {
        // A claim certificate whose key nobody has is of no use to anybody.
        delete_claim(aws, &id).await?;
        return Err(error.into());
    }
    Ok(claim.certificate_arn)
}

/// Takes every claim certificate out of use and deletes it, and the secret with it. What is gone already is fine.
pub(super) async fn remove(aws: &Aws<NativeTransport>, request: &CustomResourceRequest) -> Result<(), Failure> {
    for arn in unless_gone(list_targets_for_policy(aws, &request.claim_policy).await)?.unwrap_or_default() {
        unless_gone(detach_policy(aws, &request.claim_policy, &arn).await)?;
        delete_claim(aws, &CertificateId::from_principal(&arn)?).await?;
    }
    unless_gone(delete_secret(aws, &request.secret).await)?;
    Ok(())
}

async fn delete_claim(aws: &Aws<NativeTransport>, id: &CertificateId) -> Result<(), AwsError> {
    unless_gone(update_certificate(aws, id, RequestedStatus::Inactive).await)?;
    unless_gone(delete_certificate(aws, id).await)?;
    Ok(())
}

fn unless_gone<T>(result: Result<T, AwsError>) -> Result<Option<T>, AwsError> {
    match result {
        Err(error) if error.is_not_found() => Ok(None),
        result => result.map(Some),
    }
}
