//! Certificates that operators issue, and certificates that vehicles bring.

use shared::{AuthorityId, CertificateId, CertificateStatus, DenialReason, Refusal, RetirementCause, Vin};

use super::world::{OperatorAction, Trouble, World, certificate, request, vin};
use crate::{
    Effect, ProvisioningDecision, ProvisioningRequest, decide_just_in_time, decide_provisioning, follow_template,
    may_issue, refuse_to_issue,
};

const TEMPLATE: &str = include_str!("../../../deploy/customize/provisioning-template.json");

fn registration(id: &CertificateId) -> Effect {
    let template = TEMPLATE
        .replace("${ProvisioningTemplateName}", "cms--provisioning-template")
        .replace("${VehiclePolicyName}", "cms-vehicle-policy");
    Effect::RegisterThing(Box::new(follow_template(&template, &vin(), id).unwrap()))
}

fn issuing(world: &World, id: &CertificateId) -> ProvisioningRequest {
    ProvisioningRequest {
        claim_certificate_id: None,
        client_id: None,
        issued_by: Some("an-operator".to_owned()),
        reason: Some("a new unit".to_owned()),
        ..request(vin().as_str(), id, world.now)
    }
}

fn coming(world: &World, id: &CertificateId) -> ProvisioningRequest {
    ProvisioningRequest {
        claim_certificate_id: None,
        client_id: None,
        authority_id: Some(AuthorityId(certificate(99))),
        ..request(vin().as_str(), id, world.now)
    }
}

impl World {
    /// An operator issues certificate `number`, up to the admission; the registration follows.
    fn admit_issued(&mut self, number: u64) -> (CertificateId, ProvisioningDecision) {
        self.tick();
        let id = self.issued_before(number, CertificateStatus::Inactive);
        self.iot_detaches(&id);
        let (decision, effects) = decide_provisioning(&issuing(self, &id), &self.refreshed_facts(&vin()), &id);
        self.perform_now(&effects);
        (id, decision)
    }

    fn iot_detaches(&mut self, id: &CertificateId) {
        self.apply(&Effect::DetachCertificate(id.clone())).unwrap();
    }

    /// The whole of it.
    fn issue_and_register(&mut self, number: u64) -> CertificateId {
        let (id, decision) = self.admit_issued(number);
        assert_eq!(decision, ProvisioningDecision::Allow(vin()));
        self.apply(&registration(&id)).unwrap();
        self.thing_event(&vin(), &id).unwrap();
        id
    }

    /// The vehicle connects with a certificate of its own, which AWS IoT does not know or has pending, and the event of it is
    /// handled. `None`: there was nothing to decide.
    fn comes_with(&mut self, id: &CertificateId) -> Option<ProvisioningDecision> {
        self.tick();
        if self.reported(id).is_none() {
            let number = (1..=20).find(|number| certificate(*number) == *id).unwrap();
            self.issue(number);
        }
        assert_eq!(self.reported(id), Some(CertificateStatus::PendingActivation), "no event would come");
        let (decision, effects) = decide_just_in_time(&coming(self, id), &self.refreshed_facts(&vin()), id)?;
        self.perform_now(&effects);
        if decision == ProvisioningDecision::Allow(vin()) {
            self.apply(&registration(id)).unwrap();
            self.thing_event(&vin(), id).unwrap();
        }
        Some(decision)
    }

    fn may_issue(&self) -> Result<(), Refusal> {
        may_issue(&self.refreshed_facts(&vin()), self.now)
    }
}

fn denied(reason: DenialReason) -> Option<ProvisioningDecision> {
    Some(ProvisioningDecision::Deny(reason))
}

#[test]
fn an_operator_can_issue_exactly_where_the_vehicle_would_be_let_in() {
    let mut world = World::new();
    assert_eq!(world.may_issue(), Err(Refusal::NotAuthorized));
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    assert_eq!(world.may_issue(), Ok(()));
    let id = world.issue_and_register(1);
    assert_eq!(world.may_issue(), Err(Refusal::Denied(DenialReason::AlreadyProvisioned)));
    world.operator(&vin(), OperatorAction::Hold(id.clone())).unwrap();
    assert_eq!(world.may_issue(), Err(Refusal::Denied(DenialReason::OnHold)));
    world.operator(&vin(), OperatorAction::Release(id.clone())).unwrap();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 15 }).unwrap();
    assert_eq!(world.may_issue(), Ok(()));
    world.operator(&vin(), OperatorAction::Revoke(id)).unwrap();
    assert_eq!(world.may_issue(), Err(Refusal::Denied(DenialReason::TicketExpired)));
}

#[test]
fn an_issued_certificate_is_on_record_with_its_operator_and_reason_and_is_active() {
    let mut world = World::with_authorized_vehicle();
    let id = world.issue_and_register(1);
    let row = world.row(&id);
    assert_eq!(row.certificate_status, CertificateStatus::Active);
    assert_eq!(row.issued_by.as_deref(), Some("an-operator"));
    assert_eq!(row.claim_certificate_id, None);
    let attempt = world.attempts.values().next().unwrap();
    assert_eq!(attempt.reason.as_deref(), Some("a new unit"));
    assert_eq!(world.tables_agree(), Ok(()));
}

#[test]
fn an_issued_certificate_takes_the_place_of_the_live_one_under_a_ticket() {
    let (mut world, old) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 15 }).unwrap();
    let new = world.issue_and_register(2);
    assert_eq!(world.active(), [new]);
    assert_eq!(world.row(&old).retirement.as_ref().unwrap().cause, RetirementCause::Replaced);
    assert_eq!(world.tables_agree(), Ok(()));
}

#[test]
fn what_was_issued_and_never_registered_can_be_issued_again_and_leaves_then() {
    let mut world = World::with_authorized_vehicle();
    let (orphan, _) = world.admit_issued(1);
    assert_eq!(world.may_issue(), Ok(()));
    let id = world.issue_and_register(2);
    assert_eq!(world.active(), [id]);
    assert_eq!(world.reported(&orphan), None);
    assert_eq!(world.row(&orphan).certificate_status, CertificateStatus::Deleted);
}

#[test]
fn an_operator_and_a_device_at_once_get_one_certificate_in() {
    let mut world = World::with_authorized_vehicle();
    let id = world.issue(1);
    let (_, issued) = decide_provisioning(&issuing(&world, &id), &world.facts(&vin()), &id);
    let claimed = world.provision(2);
    assert_eq!(world.perform_late(&issued), Err(Trouble::FactsChanged));
    let (decision, effects) = decide_provisioning(&issuing(&world, &id), &world.refreshed_facts(&vin()), &id);
    assert_eq!(decision, ProvisioningDecision::Deny(DenialReason::AlreadyProvisioned));
    world.perform_now(&effects);
    assert_eq!(world.reported(&id), None, "the certificate that lost the race is left");
    assert_eq!(world.active(), [claimed]);
}

#[test]
fn refusing_beforehand_keeps_the_attempt_and_touches_nothing_else() {
    let world = World::with_authorized_vehicle();
    let effects = refuse_to_issue(&issuing(&world, &certificate(1)), &vin(), DenialReason::Revoked);
    assert!(matches!(effects.as_slice(), [Effect::RecordAttempt(_)]), "{effects:?}");
}

#[test]
fn a_certificate_that_was_admitted_for_another_vehicle_is_refused_and_stays_that_ones() {
    let world = World::with_authorized_vehicle();
    let other: Vin = "2HGCM82633A004352".to_owned().try_into().unwrap();
    let id = certificate(1);
    let request = ProvisioningRequest { admitted_for: Some(other), ..issuing(&world, &id) };
    let (decision, effects) = decide_provisioning(&request, &world.facts(&vin()), &id);
    assert_eq!(decision, ProvisioningDecision::Deny(DenialReason::CertificateAlreadyKnown));
    assert!(matches!(effects.as_slice(), [Effect::RecordAttempt(_)]), "{effects:?}");
}

#[test]
fn a_vehicle_that_nobody_knows_is_forgotten_and_gets_in_with_the_same_certificate_once_authorized() {
    let mut world = World::new();
    let id = certificate(1);
    assert_eq!(world.comes_with(&id), denied(DenialReason::VinNotAuthorized));
    assert_eq!(world.reported(&id), None, "AWS IoT would not tell of it again");
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    assert_eq!(world.comes_with(&id), Some(ProvisioningDecision::Allow(vin())));
    assert_eq!(world.row(&id).authority_id, Some(AuthorityId(certificate(99))));
    assert_eq!(world.active(), [id]);
    assert_eq!(world.tables_agree(), Ok(()));
}

#[test]
fn a_revoked_vehicle_stays_out_with_its_own_certificate_even_after_aws_forgot_it() {
    let mut world = World::with_authorized_vehicle();
    let id = certificate(1);
    world.comes_with(&id);
    world.operator(&vin(), OperatorAction::Revoke(id.clone())).unwrap();
    for effect in [Effect::DetachCertificate(id.clone()), Effect::DeleteCertificate(id.clone())] {
        world.apply(&effect).unwrap();
    }
    // Even authorized again, and under a ticket: the certificate is done with, the vehicle is not.
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 15 }).unwrap();
    assert_eq!(world.comes_with(&id), denied(DenialReason::CertificateAlreadyKnown));
    assert_eq!(world.reported(&id), Some(CertificateStatus::Inactive), "it would come again and again");
    assert_eq!(world.comes_with(&certificate(2)), Some(ProvisioningDecision::Allow(vin())));
}

#[test]
fn a_held_vehicle_stays_out_with_another_certificate_of_its_authority() {
    let mut world = World::with_authorized_vehicle();
    let id = certificate(1);
    world.comes_with(&id);
    world.operator(&vin(), OperatorAction::Hold(id.clone())).unwrap();
    assert_eq!(world.comes_with(&certificate(2)), denied(DenialReason::OnHold));
    assert_eq!(world.row(&id).certificate_status, CertificateStatus::Inactive);
}

#[test]
fn a_live_vehicle_is_not_taken_over_by_another_certificate_of_its_authority() {
    let (mut world, id) = World::with_live_vehicle();
    assert_eq!(world.comes_with(&certificate(2)), denied(DenialReason::AlreadyProvisioned));
    assert_eq!(world.active(), [id]);
}

#[test]
fn a_late_or_repeated_event_of_a_registered_certificate_decides_nothing_and_changes_nothing() {
    let mut world = World::with_authorized_vehicle();
    let id = certificate(1);
    world.comes_with(&id);
    let before = world.clone();
    assert_eq!(decide_just_in_time(&coming(&world, &id), &world.refreshed_facts(&vin()), &id), None);
    world.thing_event(&vin(), &id).unwrap();
    assert_eq!((world.provisioned, world.registry), (before.provisioned, before.registry));
}

#[test]
fn an_event_that_comes_again_after_the_admission_finishes_the_registration() {
    let mut world = World::with_authorized_vehicle();
    let id = world.issue(1);
    let (_, effects) = decide_just_in_time(&coming(&world, &id), &world.facts(&vin()), &id).unwrap();
    world.perform_now(&effects);
    // Interrupted here: the next connection tells of it again.
    assert_eq!(world.comes_with(&id), Some(ProvisioningDecision::Allow(vin())));
    assert_eq!(world.active(), [id]);
}

#[test]
fn a_vehicle_that_was_admitted_and_shut_out_before_its_registration_may_come_again_when_the_door_is_open() {
    let mut world = World::with_authorized_vehicle();
    let id = world.issue(1);
    let (_, effects) = decide_just_in_time(&coming(&world, &id), &world.facts(&vin()), &id).unwrap();
    world.perform_now(&effects);
    world.authorized.get_mut(&vin()).unwrap().allow_provisioning = false;
    assert_eq!(world.comes_with(&id), denied(DenialReason::ProvisioningNotAllowed));
    assert_eq!(world.reported(&id), None);
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    assert_eq!(world.comes_with(&id), Some(ProvisioningDecision::Allow(vin())));
}
