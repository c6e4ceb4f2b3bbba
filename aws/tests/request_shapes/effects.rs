//! Every effect, with every optional part at least once.

use aws::perform;
use aws::tables::TableNames;
use provisioning_rules::{
    Admission, AuthorityChange, AuthorityRegistration, Authorization, DoorClosure, Effect, ExpectedClaim, Registration,
    RegistrationPlan, StatusRecord, follow_template,
};
use shared::api::CertificateAction;
use shared::{
    AttemptId, AttemptOutcome, AuthorityId, AuthorityMode, AuthorityRecord, CertificateId, CertificateStatus,
    ClaimCertificateId, DenialReason, ProvisionedVehicle, ProvisioningAttempt, Receipt, ReceiptId, ReceiptOutcome,
    ReceiptStep, ReprovisionTicket, Retirement, RetirementCause, StepOutcome, ThingName, Timestamp, Vin,
};

use crate::recording::Recording;

pub async fn record(recording: &mut Recording) {
    let tables = TableNames {
        authorized_vehicles: "AuthorizedVehicles".to_owned(),
        provisioned_vehicles: "ProvisionedVehicles".to_owned(),
        provisioning_attempts: "ProvisioningAttempts".to_owned(),
        operator_actions: "OperatorActions".to_owned(),
        claim_certificates: "ClaimCertificates".to_owned(),
    };
    for effect in effects() {
        let by = format!("effect: {}", name(&effect));
        let aws = Recording::client();
        let done = perform(&aws, &tables, vec![effect], |_| {}).await.unwrap();
        assert_eq!(done.warnings().next(), None, "{by}");
        recording.keep(&by, &aws);
    }
    let aws = Recording::client();
    let mut gathered = aws::gather(&aws, &tables, &vin()).await.unwrap();
    gathered.facts.provisioned.push(row(1));
    aws::refresh_pending(&aws, &mut gathered.facts).await.unwrap();
    recording.keep("gather", &aws);
    crate::claims::record_reads(recording, &tables).await;
}

/// Exhaustive, so that a new effect must be recorded, too.
fn name(effect: &Effect) -> &'static str {
    match effect {
        Effect::AdmitCertificate(_) => "AdmitCertificate",
        Effect::RecordAttempt(_) => "RecordAttempt",
        Effect::DeletePendingCertificate(_) => "DeletePendingCertificate",
        Effect::RemoveUnusedCertificate(_) => "RemoveUnusedCertificate",
        Effect::RecordRegistered(_) => "RecordRegistered",
        Effect::RecordConnected { .. } => "RecordConnected",
        Effect::DeactivateCertificate(_) => "DeactivateCertificate",
        Effect::ActivateCertificate(_) => "ActivateCertificate",
        Effect::RevokeCertificate(_) => "RevokeCertificate",
        Effect::CutConnection(_) => "CutConnection",
        Effect::ProveDisconnected(_) => "ProveDisconnected",
        Effect::ProveRefused(_) => "ProveRefused",
        Effect::RecordReceipt(_) => "RecordReceipt",
        Effect::DetachCertificate(_) => "DetachCertificate",
        Effect::DeleteCertificate(_) => "DeleteCertificate",
        Effect::RecordStatus(_) => "RecordStatus",
        Effect::CloseDoor(_) => "CloseDoor",
        Effect::OpenTicket { .. } => "OpenTicket",
        Effect::AuthorizeVehicle(_) => "AuthorizeVehicle",
        Effect::RegisterThing(_) => "RegisterThing",
        Effect::RecordAuthorityAction(_) => "RecordAuthorityAction",
        Effect::RegisterAuthority(_) => "RegisterAuthority",
        Effect::ChangeAuthority(..) => "ChangeAuthority",
        Effect::DeleteAuthority(_) => "DeleteAuthority",
        Effect::KeepClaimSecret { .. } => "KeepClaimSecret",
        Effect::RecordClaim(_) => "RecordClaim",
        Effect::RegisterClaim { .. } => "RegisterClaim",
        Effect::AttachClaimPolicy { .. } => "AttachClaimPolicy",
        Effect::GiveUpClaimSecret { .. } => "GiveUpClaimSecret",
        Effect::MakeClaimSecretCurrent { .. } => "MakeClaimSecretCurrent",
        Effect::RecordClaimSuccession(_) => "RecordClaimSuccession",
        Effect::RecordClaimEnded(_) => "RecordClaimEnded",
        Effect::IndexAuthorization(_) => "IndexAuthorization",
    }
}

fn effects() -> Vec<Effect> {
    let mut effects = effects_on_vehicles();
    effects.extend(crate::claims::effects());
    effects
}

fn effects_on_vehicles() -> Vec<Effect> {
    let (vin, id) = (vin(), certificate(1));
    let mut effects = vec![
        Effect::DeletePendingCertificate(id.clone()),
        Effect::RemoveUnusedCertificate(certificate(REVOKED)),
        Effect::RecordConnected { vin: vin.clone(), certificate_id: id.clone(), at: now() },
        Effect::DeactivateCertificate(id.clone()),
        Effect::ActivateCertificate(id.clone()),
        Effect::RevokeCertificate(id.clone()),
        Effect::CutConnection(ThingName::of(&vin)),
        Effect::ProveDisconnected(ThingName::of(&vin)),
        Effect::ProveRefused(certificate(REVOKED)),
        Effect::RecordReceipt(Box::new(receipt(None))),
        Effect::RecordReceipt(Box::new(receipt(Some(now())))),
        Effect::DetachCertificate(id.clone()),
        Effect::DeleteCertificate(id.clone()),
        Effect::RegisterThing(Box::new(plan())),
        Effect::RecordAuthorityAction(Box::new(AuthorityRecord {
            authority_id: AuthorityId(id.clone()),
            at: now(),
            operator: "an-operator".to_owned(),
            what: "deactivate".to_owned(),
            reason: "the plant was closed".to_owned(),
        })),
        Effect::RegisterAuthority(Box::new(AuthorityRegistration {
            subject: "CN=A private CA".to_owned(),
            certificate_pem: "CA PEM".to_owned(),
            verification_pem: Some("PEM".to_owned()),
            mode: AuthorityMode::Default,
            just_in_time: true,
        })),
        Effect::ChangeAuthority(AuthorityId(id.clone()), AuthorityChange::Deactivate),
        Effect::DeleteAuthority(AuthorityId(id.clone())),
        Effect::IndexAuthorization(vin.clone()),
        Effect::AuthorizeVehicle(Authorization {
            vin: vin.clone(),
            make: "Honda".to_owned(),
            model: "Accord".to_owned(),
            year: "2003".to_owned(),
            expected_claim: Some(ExpectedClaim {
                id: ClaimCertificateId(certificate(9)),
                in_place_of: Some(id.clone()),
                previous_never_registered: true,
            }),
            by: "an-operator".to_owned(),
            at: now(),
        }),
        Effect::RecordAttempt(Box::new(attempt(AttemptOutcome::Denied(DenialReason::VinMalformed), None))),
        Effect::RecordAttempt(Box::new(attempt(AttemptOutcome::Allowed, Some(vin.clone())))),
    ];
    for ticket in [None, Some(ticket(None)), Some(ticket(Some(certificate(2))))] {
        for in_place_of in [None, Some(certificate(3))] {
            for previous_never_registered in [false, true] {
                for admitted_before in [None, Some(now())] {
                    effects.push(Effect::AdmitCertificate(Box::new(Admission {
                        row: row(1),
                        admitted_before,
                        attempt: attempt(AttemptOutcome::Allowed, Some(vin.clone())),
                        in_place_of: in_place_of.clone(),
                        uses_ticket: ticket.is_some(),
                        ticket: ticket.clone(),
                        previous_never_registered,
                    })));
                }
                effects.push(Effect::CloseDoor(DoorClosure {
                    vin: vin.clone(),
                    settled_on: id.clone(),
                    at: now(),
                    in_place_of: in_place_of.clone(),
                    ticket: ticket.clone(),
                    previous_never_registered,
                }));
            }
        }
        effects.push(Effect::OpenTicket { vin: vin.clone(), ticket: self::ticket(None), in_place_of: ticket });
    }
    for (must_be_admitted, was_expected) in [(false, false), (false, true), (true, false), (true, true)] {
        effects.push(Effect::RecordRegistered(Registration {
            vin: vin.clone(),
            certificate_id: id.clone(),
            must_be_admitted,
            was_expected,
            at: now(),
        }));
    }
    let by_anna = Retirement {
        cause: RetirementCause::Revoked,
        at: now(),
        by: Some("an-operator".to_owned()),
        reason: Some("stolen".to_owned()),
    };
    let by_nobody = Retirement { cause: RetirementCause::Replaced, at: now(), by: None, reason: None };
    for (status, retirement, pending_since) in [
        (CertificateStatus::Active, None, None),
        (CertificateStatus::Revoked, Some(by_anna), None),
        (CertificateStatus::Inactive, Some(by_nobody.clone()), Some(now())),
        (CertificateStatus::Deleted, Some(by_nobody), None),
    ] {
        effects.push(Effect::RecordStatus(StatusRecord {
            vin: vin.clone(),
            certificate_id: id.clone(),
            status,
            retirement,
            pending_since,
        }));
    }
    effects
}

/// The number of a certificate that the recording's AWS IoT reports as revoked.
pub const REVOKED: u64 = 0xdead;

fn receipt(ended_at: Option<Timestamp>) -> Receipt {
    Receipt {
        receipt_id: ReceiptId::new(now(), &certificate(1)),
        vin: vin(),
        certificate_id: certificate(1),
        action: CertificateAction::Revoke,
        operator: "an-operator".to_owned(),
        reason: "stolen".to_owned(),
        began_at: now(),
        ended_at,
        steps: vec![ReceiptStep {
            what: "cut the live connection".to_owned(),
            at: now(),
            outcome: StepOutcome::NotProven,
            proof: ended_at.map(|_| "AWS IoT did not say.".to_owned()),
        }],
        outcome: ReceiptOutcome::NotProven,
        conclusion: "The certificate is revoked for good.".to_owned(),
    }
}

pub fn now() -> Timestamp {
    "2026-01-01T00:00:00.123456789Z".parse().unwrap()
}

fn vin() -> Vin {
    "1HGCM82633A004352".to_owned().try_into().unwrap()
}

pub fn certificate(number: u64) -> CertificateId {
    format!("{number:064x}").try_into().unwrap()
}

fn ticket(used_by: Option<CertificateId>) -> ReprovisionTicket {
    ReprovisionTicket {
        opened_at: now(),
        opened_by: "an-operator".to_owned(),
        reason: "new telematics unit".to_owned(),
        ends_at: "2026-01-02T00:00:00Z".parse().unwrap(),
        used_by,
    }
}

fn plan() -> RegistrationPlan {
    let body = include_str!("../../../provisioning/deploy/customize/provisioning-template.json")
        .replace("${ProvisioningTemplateName}", "cms--provisioning-template")
        .replace("${VehiclePolicyName}", "cms-vehicle-policy");
    follow_template(&body, &vin(), &certificate(1)).unwrap()
}

fn attempt(outcome: AttemptOutcome, vin: Option<Vin>) -> ProvisioningAttempt {
    ProvisioningAttempt {
        attempt_id: AttemptId::new(now(), Some(&certificate(1))),
        at: now(),
        presented_vin: vin.as_ref().map(ToString::to_string),
        vin,
        certificate_id: Some(certificate(1)),
        claim_certificate_id: Some(ClaimCertificateId(certificate(9))),
        authority_id: Some(AuthorityId(certificate(8))),
        issued_by: Some("an-operator".to_owned()),
        reason: Some("a new unit".to_owned()),
        client_id: Some("plant-7".to_owned()),
        outcome,
    }
}

fn row(number: u64) -> ProvisionedVehicle {
    ProvisionedVehicle {
        vin: vin(),
        certificate_id: certificate(number),
        make: Some("Honda".to_owned()),
        model: Some("Accord".to_owned()),
        year: Some("2003".to_owned()),
        region: Some("eu-west-1".to_owned()),
        certificate_status: CertificateStatus::PendingActivation,
        has_connected_once: false,
        first_connected_at: None,
        claim_certificate_id: Some(ClaimCertificateId(certificate(9))),
        authority_id: Some(AuthorityId(certificate(8))),
        issued_by: Some("an-operator".to_owned()),
        client_id: Some("plant-7".to_owned()),
        admitted_at: None,
        registered_at: None,
        retirement: None,
    }
}
