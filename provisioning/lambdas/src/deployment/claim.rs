//! The first claim certificate: made once, kept in its secret, rotated from then on, gone with the stack. So are the claims
//! that were made under other names since.

use std::collections::BTreeSet;

use aws::iot::{
    KeysAndCertificate, RequestedStatus, attach_policy, create_keys_and_certificate, delete_certificate,
    describe_certificate, detach_policy, enable_thing_events, list_targets_for_policy, update_certificate,
};
use aws::secrets_manager::{
    INVALID_REQUEST, cancel_rotation, create_secret, delete_secret, describe_secret, get_secret_value,
    schedule_rotation, secret_exists,
};
use aws::{Aws, AwsError, NativeTransport, claim_records, perform};
use provisioning_rules::{ClaimEnd, Effect, adopt_claim};
use shared::{CertificateId, CertificateStatus, ClaimCertificateId, ClaimName, ClaimRecord, ClaimState};

use super::CustomResourceRequest;
use crate::{Failure, log};

/// Switches thing events on, makes sure that there is a claim certificate that is on record, and sets how often claims are
/// rotated. A claim that exists is kept, and nothing is rotated by this.
pub(super) async fn ensure(aws: &Aws<NativeTransport>, request: &CustomResourceRequest) -> Result<(), Failure> {
    enable_thing_events(aws).await?;
    let arn = if secret_exists(aws, &request.secret).await? {
        existing_claim(aws, &request.secret).await?
    } else {
        new_claim(aws, request).await?
    };
    attach_policy(aws, &request.claim_policy, &arn).await?;
    record(aws, request, &arn).await?;
    for secret in secrets(aws, request).await? {
        schedule(aws, request, &secret).await?;
    }
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
    let claim = create_keys_and_certificate(aws, true).await?;
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

/// Puts the claim on record, unless it is.
async fn record(aws: &Aws<NativeTransport>, request: &CustomResourceRequest, arn: &str) -> Result<(), Failure> {
    let id = ClaimCertificateId(CertificateId::from_principal(arn)?);
    let rows = rows(aws, request).await?;
    if rows.iter().any(|row| row.id == id) {
        return Ok(());
    }
    let made_at = describe_certificate(aws, &id.0).await?.and_then(|certificate| certificate.created_at);
    let found = adopt_claim(&id, ClaimName::default_name(), &request.secret, made_at, &rows, aws.now());
    let found = ClaimRecord { created_by: "deployment".to_owned(), ..found };
    carry_out(aws, request, vec![Effect::RecordClaim(Box::new(found))]).await
}

/// Sets how often a secret is rotated, where that is not so already: setting it anew would begin the days from today.
async fn schedule(aws: &Aws<NativeTransport>, request: &CustomResourceRequest, secret: &str) -> Result<(), Failure> {
    let Some(described) = describe_secret(aws, secret).await? else { return Ok(()) };
    let days = described.rotation_rules.as_ref().and_then(|rules| rules.automatically_after_days);
    let is_so = described.rotation_enabled
        && described.rotation_lambda_arn.as_ref() == Some(&request.rotation_function)
        && days == Some(request.rotation_days);
    let result = match request.rotation_days {
        0 if described.rotation_enabled => cancel_rotation(aws, secret).await,
        0 => return Ok(()),
        _ if is_so => return Ok(()),
        days => schedule_rotation(aws, secret, &request.rotation_function, days).await,
    };
    match result {
        // It goes on with the rules it has, and the next deployment sets the new ones.
        Err(error) if error.code() == Some(INVALID_REQUEST) => {
            log::warn(
                "a rotation is under way, its rules stay",
                &[("secret", secret.to_owned()), ("error", error.to_string())],
            );
            Ok(())
        }
        result => Ok(result?),
    }
}

/// Takes every claim certificate out of use and deletes it, and the secrets with them. What is gone already is fine.
pub(super) async fn remove(aws: &Aws<NativeTransport>, request: &CustomResourceRequest) -> Result<(), Failure> {
    let secrets = secrets(aws, request).await?;
    for arn in unless_gone(list_targets_for_policy(aws, &request.claim_policy).await)?.unwrap_or_default() {
        unless_gone(detach_policy(aws, &request.claim_policy, &arn).await)?;
        delete_claim(aws, &CertificateId::from_principal(&arn)?).await?;
    }
    for row in rows(aws, request).await? {
        if row.state.has_ended() {
            continue;
        }
        // One that was being made has no policy yet, and is known from its row alone.
        delete_claim(aws, &row.id.0).await?;
        let end = ClaimEnd {
            id: row.id,
            state: ClaimState::Retired,
            at: aws.now(),
            by: None,
            reason: "the deployment was removed".to_owned(),
        };
        carry_out(aws, request, vec![Effect::RecordClaimEnded(end)]).await?;
    }
    for secret in secrets {
        unless_gone(delete_secret(aws, &secret).await)?;
    }
    Ok(())
}

/// The secret of every claim this deployment ever had.
async fn secrets(aws: &Aws<NativeTransport>, request: &CustomResourceRequest) -> Result<BTreeSet<String>, Failure> {
    let mut secrets = BTreeSet::from([request.secret.clone()]);
    secrets.extend(rows(aws, request).await?.into_iter().map(|row| row.secret_id));
    Ok(secrets)
}

async fn rows(aws: &Aws<NativeTransport>, request: &CustomResourceRequest) -> Result<Vec<ClaimRecord>, Failure> {
    match claim_records(aws, &request.tables).await {
        // A deployment that was taken away before its table was there has no rows.
        Err(error) if error.is_not_found() && request.request_type == "Delete" => Ok(Vec::new()),
        result => {
            let (rows, unreadable) = result?;
            for row in unreadable {
                log::warn("unreadable row", &[("row", row.to_string())]);
            }
            Ok(rows)
        }
    }
}

async fn carry_out(
    aws: &Aws<NativeTransport>,
    request: &CustomResourceRequest,
    effects: Vec<Effect>,
) -> Result<(), Failure> {
    perform(aws, &request.tables, effects, |effect| log::info("performing", &[("effect", effect.to_string())])).await?;
    Ok(())
}

async fn delete_claim(aws: &Aws<NativeTransport>, id: &CertificateId) -> Result<(), AwsError> {
    let Some(certificate) = describe_certificate(aws, id).await? else { return Ok(()) };
    // One that was burned is revoked, which cannot be undone, and is out of use, too.
    if certificate.status == Some(CertificateStatus::Active) {
        unless_gone(update_certificate(aws, id, RequestedStatus::Inactive).await)?;
    }
    unless_gone(delete_certificate(aws, id).await)?;
    Ok(())
}

fn unless_gone<T>(result: Result<T, AwsError>) -> Result<Option<T>, AwsError> {
    match result {
        Err(error) if error.is_not_found() => Ok(None),
        result => result.map(Some),
    }
}
