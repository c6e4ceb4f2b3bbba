//! The first claim certificate: made once, kept in its secret, rotated from then on, gone with the stack. So are the claims
//! that were made under other names since.

use std::collections::BTreeSet;

use aws::iot::{
    KeysAndCertificate, attach_policy, create_keys_and_certificate, describe_certificate, enable_thing_events,
    list_targets_for_policy,
};
use aws::secrets_manager::{
    INVALID_REQUEST, cancel_rotation, create_secret, delete_secret, describe_secret, get_secret_value, list_secrets,
    schedule_rotation, secret_exists,
};
use aws::{Aws, AwsError, NativeTransport, claim_records, perform};
use provisioning_rules::{ClaimEnd, Effect, adopt_claim, take_claim_away};
use shared::{CertificateId, ClaimCertificateId, ClaimName, ClaimRecord, ClaimState};

use super::CustomResourceRequest;
use crate::claims::give_up_unusable_version;
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
        take_away(aws, request, &ClaimCertificateId(id)).await?;
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
    let set = async || match request.rotation_days {
        0 if described.rotation_enabled => cancel_rotation(aws, secret).await,
        0 => Ok(()),
        _ if is_so => Ok(()),
        days => schedule_rotation(aws, secret, &request.rotation_function, days).await,
    };
    let error = match set().await {
        Err(error) if error.code() == Some(INVALID_REQUEST) => error,
        result => return Ok(result?),
    };
    let described = describe_secret(aws, secret).await?;
    let Some(described) = described.filter(|described| described.unfinished_version().is_some()) else {
        return Err(error.into());
    };
    if give_up_unusable_version(aws, &request.tables, &described, &rows(aws, request).await?).await? {
        return Ok(set().await?);
    }
    // It goes on with the rules it has, and the next deployment sets the new ones.
    let fields = [("secret", secret.to_owned()), ("error", error.to_string())];
    log::warn("a rotation is under way, its rules stay", &fields);
    Ok(())
}

/// Takes every claim certificate out of use and deletes it, and the secrets with them. What is gone already is fine.
pub(super) async fn remove(aws: &Aws<NativeTransport>, request: &CustomResourceRequest) -> Result<(), Failure> {
    let mut secrets = secrets(aws, request).await?;
    // A claim whose making was interrupted may have a secret and no row yet.
    let below = format!("{}/", request.secret);
    let is_claims =
        |name: &String| name.strip_prefix(&below).is_some_and(|name| ClaimName::try_from(name.to_owned()).is_ok());
    secrets.extend(list_secrets(aws, &below).await?.into_iter().filter(is_claims));
    for arn in unless_gone(list_targets_for_policy(aws, &request.claim_policy).await)?.unwrap_or_default() {
        take_away(aws, request, &ClaimCertificateId(CertificateId::from_principal(&arn)?)).await?;
    }
    for row in rows(aws, request).await? {
        // One that was being made has no policy yet, and is known from its row alone; so may one be that was burned.
        if row.state != ClaimState::Retired {
            take_away(aws, request, &row.id).await?;
        }
        if row.state.has_ended() {
            continue;
        }
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
    // Of a claim that was found in use nobody may know where its key is.
    let known = rows(aws, request).await?.into_iter().map(|row| row.secret_id).filter(|secret| !secret.is_empty());
    secrets.extend(known);
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

/// One that was burned is revoked, which cannot be undone, and leaves, too.
async fn take_away(
    aws: &Aws<NativeTransport>,
    request: &CustomResourceRequest,
    id: &ClaimCertificateId,
) -> Result<(), Failure> {
    let reported = describe_certificate(aws, &id.0).await?.and_then(|certificate| certificate.status);
    carry_out(aws, request, take_claim_away(id, reported)).await
}

fn unless_gone<T>(result: Result<T, AwsError>) -> Result<Option<T>, AwsError> {
    match result {
        Err(error) if error.is_not_found() => Ok(None),
        result => result.map(Some),
    }
}
