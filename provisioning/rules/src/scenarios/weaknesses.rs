//! Where the module that this one takes over from is weak: the weaknesses by their number in the list of what was observed.

use shared::{AttemptOutcome, CertificateStatus, ClaimState, DenialReason, RetirementCause};

use super::world::{OperatorAction, SECRET, Trouble, World, certificate, claim, request, vin};
use crate::{Effect, ProvisioningDecision, ProvisioningRequest, after_registration, vehicle_connected};

/// Weakness 1: asking for a VIN knocked its vehicle off the air before authorization was looked at.
#[test]
fn a_denied_attempt_changes_nothing_for_the_live_vehicle() {
    let (mut world, live) = World::with_live_vehicle();
    let before = world.clone();
    assert_eq!(world.is_denied(vin().as_str(), 2), DenialReason::AlreadyProvisioned);
    assert_eq!(world.authorized, before.authorized);
    assert_eq!(world.provisioned, before.provisioned);
    assert_eq!(world.registry, before.registry, "the new certificate goes, the live one stays as it was");
    assert_eq!(world.active(), [live]);
    assert_eq!(world.cut, []);
}

/// Weakness 1: nor does an allowed one, before its certificate is registered.
#[test]
fn an_admission_changes_nothing_for_the_live_certificate_until_the_new_one_is_registered() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let (newer, decision) = world.device_asks(vin().as_str(), 2);
    assert_eq!(decision, ProvisioningDecision::Allow(vin()));
    assert_eq!(world.active(), std::slice::from_ref(&live));
    assert_eq!(world.row(&live).certificate_status, CertificateStatus::Active);
    world.register(&newer);
    assert_eq!(world.active(), [newer]);
    assert_eq!(world.row(&live).certificate_status, CertificateStatus::Deleted);
}

/// Weakness 2: the claim certificate could take over a live vehicle at any time.
#[test]
fn a_live_vehicle_cannot_be_taken_over_however_often_somebody_asks() {
    let (mut world, live) = World::with_live_vehicle();
    for number in 2..20 {
        assert_eq!(world.is_denied(vin().as_str(), number), DenialReason::AlreadyProvisioned);
    }
    assert_eq!(world.active(), [live]);
}

/// Weakness 3: the tables and the thing got different spellings of one VIN.
#[test]
fn every_spelling_of_a_vin_is_one_vehicle_and_the_answer_carries_its_one_spelling() {
    for presented in ["1HGCM82633A004352", "1hgcm82633a004352", " 1hg-cm826_33a.004352\n"] {
        let mut world = World::with_authorized_vehicle();
        let (id, decision) = world.device_asks(presented, 1);
        assert_eq!(decision, ProvisioningDecision::Allow(vin()), "{presented:?}");
        assert_eq!(world.row(&id).vin, vin());
        world.register(&id);
        assert_eq!(world.is_denied(presented, 2), DenialReason::AlreadyProvisioned);
    }
}

/// Weakness 3: any Unicode letter or digit was kept.
#[test]
fn unicode_letters_and_digits_are_no_part_of_a_vin() {
    let mut world = World::with_authorized_vehicle();
    for (number, presented) in ["１HGCM82633A004352", "1HGCM82633A00435²", "1HGCM82633Å004352"].iter().enumerate() {
        assert_eq!(world.is_denied(presented, number as u64 + 1), DenialReason::VinMalformed, "{presented}");
    }
}

/// Weakness 5: any vehicle could flip another's flag, and make rows that never existed.
#[test]
fn a_report_is_about_the_certificate_that_was_authenticated_and_never_makes_a_row() {
    let (mut world, live) = World::with_live_vehicle();
    let stranger = world.issued_before(99, CertificateStatus::Active);
    let before = world.provisioned.clone();
    assert_eq!(world.report(&stranger), []);
    assert_eq!(world.provisioned, before);
    let unknown = Effect::RecordConnected { vin: vin(), certificate_id: stranger, at: world.now };
    assert_eq!(world.apply(&unknown), Err(Trouble::FactsChanged));
    assert_eq!(world.provisioned, before);
    assert!(world.row(&live).has_connected_once);
}

/// Weakness 6: two devices racing with one VIN could both end active.
#[test]
fn of_two_devices_that_race_for_one_vin_one_ends_active() {
    for b_registers_first in [false, true] {
        let mut world = World::with_authorized_vehicle();
        let (a, b) = (world.issue(1), world.issue(2));
        let read_by_both = world.facts(&vin());
        let (_, effects_a) = world.decide_request(&request(vin().as_str(), &a, world.now), &read_by_both);
        let (_, effects_b) = world.decide_request(&request(vin().as_str(), &b, world.now), &read_by_both);
        assert_eq!(world.perform_late(&effects_a), Ok(()));
        assert_eq!(world.perform_late(&effects_b), Err(Trouble::FactsChanged), "b was decided on what is no more");
        assert_eq!(world.ask(&request(vin().as_str(), &b, world.now)), ProvisioningDecision::Allow(vin()));
        if b_registers_first {
            world.register(&b);
            assert!(!world.iot_attaches(&a), "b's registration has taken a's certificate away");
        } else {
            world.register(&a);
            world.register(&b);
        }
        assert_eq!(world.active(), std::slice::from_ref(&b), "the one admitted last");
        assert_eq!(world.row(&a).certificate_status, CertificateStatus::Deleted);
        assert_eq!(world.tables_agree(), Ok(()));
    }
}

/// Weakness 6: once the first is registered, the second is not admitted any more.
#[test]
fn a_device_that_decides_late_loses_to_one_that_is_registered() {
    let mut world = World::with_authorized_vehicle();
    let (a, decision) = world.device_asks(vin().as_str(), 1);
    assert_eq!(decision, ProvisioningDecision::Allow(vin()));
    let b = world.issue(2);
    let (_, stale) = world.decide_request(&request(vin().as_str(), &b, world.now), &world.refreshed_facts(&vin()));
    world.register(&a);
    assert_eq!(world.perform_late(&stale), Err(Trouble::FactsChanged));
    assert_eq!(world.active(), [a]);
}

/// Weakness 7: nothing told which claim certificate was used, when, from which client id, or why an attempt was denied.
#[test]
fn every_attempt_keeps_when_who_with_what_and_why() {
    let mut world = World::new();
    let presented = " 1hgcm82633a004352 ";
    assert_eq!(world.is_denied(presented, 1), DenialReason::VinNotAuthorized);
    let denied_at = world.now;
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    let (id, _) = world.device_asks(presented, 2);
    let attempts: Vec<_> = world.attempts.values().cloned().collect();
    let [denied, allowed] = attempts.as_slice() else { panic!("{attempts:?}") };
    assert_eq!(denied.outcome, AttemptOutcome::Denied(DenialReason::VinNotAuthorized));
    assert_eq!(denied.at, denied_at);
    assert_eq!(denied.certificate_id, Some(certificate(1)));
    assert_eq!(allowed.outcome, AttemptOutcome::Allowed);
    assert_eq!(allowed.certificate_id, Some(id));
    for attempt in [denied, allowed] {
        assert_eq!(attempt.presented_vin.as_deref(), Some(presented));
        assert_eq!(attempt.vin, Some(vin()));
        assert_eq!(attempt.claim_certificate_id, Some(claim()));
        assert_eq!(attempt.client_id.as_deref(), Some("plant-7-line-2"));
    }
}

/// Weakness 9: a revoked vehicle with the claim certificate just provisioned itself again.
#[test]
fn a_revoked_vehicle_cannot_provision_itself_again() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::Revoke(live.clone())).unwrap();
    assert_eq!(world.is_denied(vin().as_str(), 2), DenialReason::Revoked);
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    assert_eq!(world.is_denied(vin().as_str(), 3), DenialReason::Revoked, "authorizing it again lets nobody in");
    assert_eq!(world.active(), []);
}

/// Weakness 12: a made-up certificate id left a half-empty row, and from then on the real vehicle was denied for ever.
#[test]
fn a_message_with_a_made_up_certificate_id_leaves_no_row_and_locks_nobody_out() {
    let mut world = World::with_authorized_vehicle();
    let made_up = certificate(0xdead);
    assert_eq!(vehicle_connected(&world.facts(&vin()), &made_up, None, world.now), Ok(vec![]));
    assert_eq!(after_registration(&world.facts(&vin()), &made_up, None, world.now), Ok(vec![]));
    assert!(world.provisioned.is_empty());
    world.provision(1);
    assert_eq!(world.active().len(), 1);
}

/// Weakness 13: a lower-case VIN was allowed and ended as a phantom row, a stuck row and an error.
#[test]
fn a_lower_case_vin_ends_as_one_active_row() {
    let mut world = World::with_authorized_vehicle();
    let (id, _) = world.device_asks("1hgcm82633a004352", 1);
    world.register(&id);
    world.report(&id);
    assert_eq!(world.provisioned.len(), 1);
    assert_eq!(world.row(&id).certificate_status, CertificateStatus::Active);
    assert_eq!(world.tables_agree(), Ok(()));
}

/// Weakness 14: rotation deleted the old claim as it made the new one current, and stranded what was built with the old.
#[test]
fn a_vehicle_that_was_built_with_a_replaced_claim_still_provisions_itself() {
    let mut world = World::with_claim();
    let old = world.rotate("second", 901);
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    let newer = world.rotate("third", 902);
    assert_eq!(world.secrets[SECRET].read(), Some(newer.clone()), "plants get the new one");
    for claim in [&old, &newer] {
        assert_eq!(world.reported(&claim.0), Some(CertificateStatus::Active), "both work");
    }
    let id = world.issue(1);
    let claim_state = Some(world.claims[&old].state);
    let asked = request(vin().as_str(), &id, world.now);
    let asked = ProvisioningRequest { claim_certificate_id: Some(old.clone()), claim_state, ..asked };
    assert_eq!(world.ask(&asked), ProvisioningDecision::Allow(vin()));
    world.keep_house();
    assert_eq!(world.claims[&old].state, ClaimState::Retiring, "it was admitted and has not arrived");
    world.register(&id);
    world.keep_house();
    assert_eq!(world.claims[&old].state, ClaimState::Retired, "the last vehicle expected with it has come");
    assert_eq!(world.reported(&old.0), None);
}

/// Weakness 17: DELETED did not tell denied from replaced from revoked.
#[test]
fn denied_replaced_superseded_and_revoked_are_told_apart() {
    let mut world = World::with_authorized_vehicle();
    let (superseded, _) = world.device_asks(vin().as_str(), 1);
    let replaced = world.provision(2);
    assert_eq!(world.is_denied(vin().as_str(), 3), DenialReason::AlreadyProvisioned);
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 5 }).unwrap();
    let revoked = world.provision(4);
    world.operator(&vin(), OperatorAction::Revoke(revoked.clone())).unwrap();
    let cause = |id| world.row(id).retirement.as_ref().map(|retirement| retirement.cause);
    assert_eq!(cause(&superseded), Some(RetirementCause::Superseded));
    assert_eq!(cause(&replaced), Some(RetirementCause::Replaced));
    assert_eq!(cause(&revoked), Some(RetirementCause::Revoked));
    let by = world.row(&revoked).retirement.clone().unwrap();
    assert_eq!((by.by.as_deref(), by.reason.as_deref()), (Some("an-operator"), Some("stolen in the port")));
    assert!(!world.provisioned.keys().any(|(_, id)| *id == certificate(3)), "a denied attempt is an attempt, no row");
}
