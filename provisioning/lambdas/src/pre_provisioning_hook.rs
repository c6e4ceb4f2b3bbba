//! AWS IoT Core asks whether a vehicle that presented a claim certificate may be provisioned.

use std::time::{Duration, Instant};

use aws::{AwsError, PerformError, admitted_for, gather, refresh_pending};
use provisioning_rules::{ProvisioningDecision, ProvisioningRequest, decide_provisioning, deny};
use serde_json::{Value, json};
use shared::{CertificateId, ClaimCertificateId, ClaimState, DenialReason, Timestamp, Vin};

use crate::{Environment, Failure, log};

/// AWS IoT Core waits five seconds for the answer and then denies. Giving up earlier leaves a line in the log.
const LIMIT: Duration = Duration::from_millis(4_700);

/// How often a decision is taken again because the facts changed under it.
const DECISIONS: u32 = 3;

/// Answers `{allowProvisioning, parameterOverrides}`. Where this fails, AWS IoT Core denies.
pub async fn pre_provisioning_hook(environment: &Environment, event: &Value) -> Result<Value, Failure> {
    let started = Instant::now();
    let request = read_request(event, &environment.aws.region, environment.aws.now());
    let (decision, claim) = tokio::time::timeout(LIMIT, decide(environment, &request))
        .await
        .map_err(|_| "the tables did not answer in time, so the vehicle is denied: it may try again")??;
    log::info(
        "decided",
        &[
            (
                "decision",
                match &decision {
                    ProvisioningDecision::Allow(_) => "ALLOWED".to_owned(),
                    ProvisioningDecision::Deny(reason) => reason.to_string(),
                },
            ),
            ("presented_vin", request.presented_vin.clone().unwrap_or_default()),
            ("certificate_id", request.certificate_id.as_ref().map(ToString::to_string).unwrap_or_default()),
            (
                "claim_certificate_id",
                request.claim_certificate_id.as_ref().map(ToString::to_string).unwrap_or_default(),
            ),
            // Alarms count lines by this field.
            ("claim", claim.map_or("not on record", ClaimState::as_str).to_owned()),
            ("own_microseconds", started.elapsed().as_micros().to_string()),
        ],
    );
    Ok(match decision {
        // The override gives the template the VIN in our spelling, whatever the vehicle's own is.
        ProvisioningDecision::Allow(vin) => {
            json!({ "allowProvisioning": true, "parameterOverrides": { "vin": vin.as_str() } })
        }
        ProvisioningDecision::Deny(_) => json!({ "allowProvisioning": false, "parameterOverrides": {} }),
    })
}

/// Reads what is there: a field that is missing or of another type is `None`, and the rules say what follows from that.
fn read_request(event: &Value, region: &str, at: Timestamp) -> ProvisioningRequest {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let certificate = |name: &str| text(&event[name]).and_then(|id| CertificateId::try_from(id).ok());
    ProvisioningRequest {
        presented_vin: text(&event["parameters"]["vin"]),
        certificate_id: certificate("certificateId"),
        claim_certificate_id: certificate("claimCertificateId").map(ClaimCertificateId),
        claim_state: None,
        authority_id: None,
        issued_by: None,
        reason: None,
        client_id: text(&event["clientId"]),
        region: region.to_owned(),
        at,
        admitted_for: None,
    }
}

/// The decision, and what had become of the claim certificate when it was taken.
async fn decide(environment: &Environment, request: &ProvisioningRequest) -> Result<Decided, Failure> {
    let (vin, certificate_id) = match request.subject(&environment.vin_pattern) {
        Ok(subject) => subject,
        Err(reason) => {
            let claim_state = claim_state(environment, request).await?;
            return Ok((deny_now(environment, request, None, reason).await?, claim_state));
        }
    };
    for _ in 0..DECISIONS {
        let (mut gathered, admitted_for, claim_state) = tokio::try_join!(
            gather(&environment.aws, &environment.tables, &vin),
            admitted_for(&environment.aws, &environment.tables, &certificate_id),
            claim_state(environment, request),
        )?;
        for row in &gathered.unreadable {
            log::warn("unreadable row", &[("row", row.to_string())]);
        }
        refresh_pending(&environment.aws, &mut gathered.facts).await?;
        // The time of the request may lie before the facts, and a ticket that was ended in between would seem open.
        let at = environment.aws.now();
        let request = ProvisioningRequest { at, admitted_for, claim_state, ..request.clone() };
        let (decision, effects) = decide_provisioning(&request, &gathered.facts, &certificate_id);
        match environment.perform(effects).await {
            Ok(_) => return Ok((decision, claim_state)),
            Err(PerformError::FactsChanged { .. }) => log::warn("deciding again", &[("vin", vin.to_string())]),
            Err(error) => return Err(error.into()),
        }
    }
    let reason = DenialReason::AnotherProvisioningUnderWay;
    Ok((deny_now(environment, request, Some(&vin), reason).await?, claim_state(environment, request).await?))
}

type Decided = (ProvisioningDecision, Option<ClaimState>);

async fn claim_state(environment: &Environment, request: &ProvisioningRequest) -> Result<Option<ClaimState>, AwsError> {
    match &request.claim_certificate_id {
        Some(id) => aws::claim_state(&environment.aws, &environment.tables, id).await,
        None => Ok(None),
    }
}

async fn deny_now(
    environment: &Environment,
    request: &ProvisioningRequest,
    vin: Option<&Vin>,
    reason: DenialReason,
) -> Result<ProvisioningDecision, Failure> {
    let (decision, effects) = deny(request, vin, reason);
    environment.perform(effects).await?;
    Ok(decision)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(event: &Value) -> ProvisioningRequest {
        read_request(event, "eu-west-1", Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn missing_and_wrong_typed_fields_are_absent_rather_than_guessed() {
        for event in [
            json!(null),
            json!([]),
            json!("vin"),
            json!({ "parameters": "vin" }),
            json!({ "parameters": { "vin": 17 }, "certificateId": 1, "clientId": {}, "claimCertificateId": "abc" }),
        ] {
            let request = read(&event);
            assert_eq!(request.presented_vin, None, "{event}");
            assert_eq!(request.certificate_id, None, "{event}");
            assert_eq!(request.claim_certificate_id, None, "{event}");
            assert_eq!(request.client_id, None, "{event}");
        }
    }

    #[test]
    fn a_whole_event_is_read_whole() {
        let id = "a".repeat(64);
        let request = read(&json!({
            "claimCertificateId": id, "certificateId": id, "certificatePem": "...", "templateArn": "...",
            "clientId": "plant-7", "parameters": { "vin": "1HGCM82633A004352" }
        }));
        assert_eq!(request.presented_vin.as_deref(), Some("1HGCM82633A004352"));
        assert_eq!(request.certificate_id.expect("the certificate").as_str(), id);
        assert_eq!(request.claim_certificate_id.expect("the claim").as_str(), id);
        assert_eq!(request.client_id.as_deref(), Some("plant-7"));
    }
}
