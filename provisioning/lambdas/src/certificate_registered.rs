//! A vehicle came for the first time with a certificate that a registered authority signed.
//!
//! AWS IoT has two ways for this. Just-in-time *provisioning* applies a template by itself and calls no pre-provisioning
//! hook, so nobody would ask whether the vehicle is ours, on hold or revoked. Just-in-time *registration*, which this is,
//! keeps the certificate PENDING_ACTIVATION, tells of it on `$aws/events/certificates/registered/<authority>` and closes the
//! connection: here the same decision is made as for a claim, and the same template is followed. The vehicle connects again a
//! little later and is in, or is not.

use std::time::Instant;

use aws::iot::{CertificateDescription, describe_certificate, describe_provisioning_template};
use aws::{PerformError, admitted_for, authority_records, gather, refresh_pending};
use pki::{Certificate, SubjectField, vehicle_named_by};
use provisioning_rules::{
    Effect, ProvisioningDecision, ProvisioningRequest, after_registration, decide_just_in_time, deny, follow_template,
    is_own_authority,
};
use serde_json::Value;
use shared::{AuthorityId, CertificateId, CertificateStatus, DenialReason, Vin};

use crate::settle::settle;
use crate::{Environment, Failure, log};

/// How often a decision is taken again because the facts changed under it.
const DECISIONS: u32 = 3;

/// What the function is configured with.
pub struct JustInTime {
    /// What every function is configured with.
    pub environment: Environment,
    /// The part of a certificate's subject in which authorities write the VIN.
    pub vin_field: SubjectField,
}

impl JustInTime {
    /// Reads the environment variables. The error names the variable that is missing or wrong.
    pub fn read() -> Result<Self, Failure> {
        let vin_field = match std::env::var("JUST_IN_TIME_VIN_FIELD").unwrap_or_default().as_str() {
            "" | "common-name" => SubjectField::CommonName,
            "serial-number" => SubjectField::SerialNumber,
            other => {
                let problem = "set it to common-name or to serial-number";
                return Err(format!("JUST_IN_TIME_VIN_FIELD is {other:?}: {problem}").into());
            }
        };
        Ok(JustInTime { environment: Environment::read()?, vin_field })
    }
}

/// Lets the vehicle in or keeps it out. Events come twice, late and out of order, and are lost: everything is decided from
/// what AWS IoT and the tables say now, and a vehicle that is still waiting announces itself again at its next try.
///
/// AWS IoT tells of the certificates of every authority in the account. Only those that this deployment's operators registered
/// or took over are its business ([`is_own_authority`]).
pub async fn certificate_registered(function: &JustInTime, event: &Value) -> Result<Value, Failure> {
    let started = Instant::now();
    let environment = &function.environment;
    let ignored = |why: &str| {
        log::info("ignored", &[("why", why.to_owned()), ("certificate_id", event["certificateId"].to_string())]);
        Ok(Value::Null)
    };
    let Some(id) = certificate_id(&event["certificateId"]) else {
        return ignored("the event names no certificate");
    };
    let Some(described) = describe_certificate(&environment.aws, &id).await? else {
        return ignored("AWS IoT no longer has the certificate");
    };
    if !matches!(described.status, Some(CertificateStatus::PendingActivation | CertificateStatus::Active)) {
        return ignored("the certificate is out of use");
    }
    let authority_id =
        described.authority_id.clone().or_else(|| certificate_id(&event["caCertificateId"]).map(AuthorityId));
    let Some(authority_id) = authority_id else {
        return ignored("no authority signed the certificate");
    };
    let records = authority_records(&environment.aws, &environment.tables, &authority_id).await?;
    if !is_own_authority(&records) {
        return ignored("its authority is not this deployment's: it was not registered here, nor taken over");
    }
    let pem = described.pem.as_deref().ok_or("AWS IoT described a certificate without its text")?;
    let certificate = Certificate::parse(pem)?;
    let request = ProvisioningRequest {
        presented_vin: vehicle_named_by(&certificate, function.vin_field),
        certificate_id: Some(id.clone()),
        claim_certificate_id: None,
        claim_state: None,
        authority_id: Some(authority_id),
        issued_by: None,
        reason: None,
        client_id: None,
        region: environment.aws.region.clone(),
        at: environment.aws.now(),
        admitted_for: None,
    };
    let decision = decide(environment, &request, &certificate, &described).await?;
    log::info(
        "decided",
        &[
            (
                "decision",
                match &decision {
                    Some(ProvisioningDecision::Allow(_)) => "ALLOWED".to_owned(),
                    Some(ProvisioningDecision::Deny(reason)) => reason.to_string(),
                    None => "REGISTERED_BEFORE".to_owned(),
                },
            ),
            ("presented_vin", request.presented_vin.clone().unwrap_or_default()),
            ("certificate_id", id.to_string()),
            ("authority_id", request.authority_id.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("own_microseconds", started.elapsed().as_micros().to_string()),
        ],
    );
    Ok(Value::Null)
}

fn certificate_id(value: &Value) -> Option<CertificateId> {
    value.as_str()?.to_owned().try_into().ok()
}

/// Decides and carries it out. `None`: it is registered already.
async fn decide(
    environment: &Environment,
    request: &ProvisioningRequest,
    certificate: &Certificate,
    described: &CertificateDescription,
) -> Result<Option<ProvisioningDecision>, Failure> {
    let (vin, id) = match request.subject(&environment.vin_pattern) {
        Ok(subject) => subject,
        // A certificate that names no vehicle and is in use is none of ours.
        Err(_) if described.status == Some(CertificateStatus::Active) => return Ok(None),
        Err(reason) => return deny_now(environment, request, None, reason).await,
    };
    if described.status == Some(CertificateStatus::Active) {
        settle(environment, &vin, &id, after_registration).await?;
        return Ok(None);
    }
    if certificate.check_valid_at(environment.aws.now()).is_err() {
        return deny_now(environment, request, Some(&vin), DenialReason::CertificateNotValid).await;
    }
    let template = describe_provisioning_template(&environment.aws, &environment.provisioning_template).await?;
    let plan = follow_template(&template, &vin, &id)?;
    for _ in 0..DECISIONS {
        let (mut gathered, admitted_for) = tokio::try_join!(
            gather(&environment.aws, &environment.tables, &vin),
            admitted_for(&environment.aws, &environment.tables, &id),
        )?;
        for row in &gathered.unreadable {
            log::warn("unreadable row", &[("row", row.to_string())]);
        }
        refresh_pending(&environment.aws, &mut gathered.facts).await?;
        let request = ProvisioningRequest { at: environment.aws.now(), admitted_for, ..request.clone() };
        let decided = decide_just_in_time(&request, &gathered.facts, &id);
        let Some((decision, mut effects)) = decided else {
            settle(environment, &vin, &id, after_registration).await?;
            return Ok(None);
        };
        let allowed = matches!(decision, ProvisioningDecision::Allow(_));
        if allowed {
            effects.push(Effect::RegisterThing(Box::new(plan.clone())));
        }
        match environment.perform(effects).await {
            Ok(_) if allowed => {
                settle(environment, &vin, &id, after_registration).await?;
                return Ok(Some(decision));
            }
            Ok(_) => return Ok(Some(decision)),
            Err(PerformError::FactsChanged { .. }) => log::warn("deciding again", &[("vin", vin.to_string())]),
            Err(error) => return Err(error.into()),
        }
    }
    deny_now(environment, request, Some(&vin), DenialReason::AnotherProvisioningUnderWay).await
}

async fn deny_now(
    environment: &Environment,
    request: &ProvisioningRequest,
    vin: Option<&Vin>,
    reason: DenialReason,
) -> Result<Option<ProvisioningDecision>, Failure> {
    let (decision, effects) = deny(request, vin, reason);
    environment.perform(effects).await?;
    Ok(Some(decision))
}
