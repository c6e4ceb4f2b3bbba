//! What vehicles send.

use shared::{AttemptOutcome, DenialReason};

use super::world::{World, certificate, request, vin, vin_pattern};
use crate::{ProvisioningDecision, ProvisioningRequest, deny};

#[test]
fn a_request_without_a_certificate_is_kept_as_an_attempt_and_deletes_nothing() {
    let mut world = World::with_authorized_vehicle();
    let incomplete = ProvisioningRequest { certificate_id: None, ..request("x", &certificate(1), world.now) };
    assert_eq!(world.ask(&incomplete), ProvisioningDecision::Deny(DenialReason::RequestIncomplete));
    assert_eq!(world.attempts.len(), 1);
}

#[test]
fn a_request_without_a_vin_is_denied_and_its_certificate_goes() {
    for presented_vin in [None, Some(String::new()), Some(" - ".to_owned())] {
        let mut world = World::with_authorized_vehicle();
        let id = world.issue(1);
        let without = ProvisioningRequest { presented_vin, ..request("", &id, world.now) };
        assert_eq!(world.ask(&without), ProvisioningDecision::Deny(DenialReason::VinMissing));
        assert_eq!(world.reported(&id), None);
        let attempt = world.attempts.values().next().unwrap();
        assert_eq!(attempt.vin, None);
        assert_eq!(attempt.outcome, AttemptOutcome::Denied(DenialReason::VinMissing));
    }
}

#[test]
fn a_certificate_that_was_admitted_for_another_vehicle_is_denied_and_left_alone() {
    let mut world = World::with_authorized_vehicle();
    let id = world.issue(1);
    let other = shared::Vin::try_from("0THERVEH1CLE00001".to_owned()).unwrap();
    let again = ProvisioningRequest { admitted_for: Some(other), ..request(vin().as_str(), &id, world.now) };
    assert_eq!(world.ask(&again), ProvisioningDecision::Deny(DenialReason::CertificateAlreadyKnown));
    assert!(world.reported(&id).is_some(), "another vehicle's certificate is not this request's to delete");
}

#[test]
fn what_is_no_vin_is_denied_as_malformed() {
    let over_long = "A".repeat(10_000);
    for presented in ["1HGCM82633A00435", "1HGCM82633A0043521", "1HGCM82633A00435O", "../../etc/passwd", &over_long] {
        let mut world = World::with_authorized_vehicle();
        assert_eq!(world.is_denied(presented, 1), DenialReason::VinMalformed);
        assert_eq!(world.attempts.len(), 1);
    }
}

#[test]
fn what_a_vehicle_sent_is_kept_up_to_256_bytes_and_never_cut_within_a_character() {
    let mut world = World::new();
    let presented = "é".repeat(300);
    let id = world.issue(1);
    let long = ProvisioningRequest { client_id: Some(presented.clone()), ..request(&presented, &id, world.now) };
    world.ask(&long);
    let attempt = world.attempts.values().next().unwrap();
    assert_eq!(attempt.presented_vin.as_deref(), Some("é".repeat(128).as_str()));
    assert_eq!(attempt.client_id, attempt.presented_vin);
    let odd = format!("a{}", "é".repeat(300));
    let kept = world.decide_request(&request(&odd, &id, world.now), &world.facts(&vin())).1;
    let crate::Effect::RecordAttempt(attempt) = &kept[0] else { panic!("{kept:?}") };
    assert_eq!(attempt.presented_vin.as_ref().map(String::len), Some(255));
}

#[test]
fn attempts_of_one_moment_do_not_overwrite_one_another() {
    let mut world = World::new();
    for number in 1..=3 {
        let id = world.issue(number);
        world.ask(&request(vin().as_str(), &id, world.now));
    }
    assert_eq!(world.attempts.len(), 3);
}

#[test]
fn the_subject_of_a_request_is_its_vin_and_certificate() {
    let now = World::new().now;
    let asked = request(" 1hgcm82633a004352", &certificate(7), now);
    assert_eq!(asked.subject(&vin_pattern()), Ok((vin(), certificate(7))));
}

#[test]
fn a_denial_for_being_overtaken_keeps_the_vin() {
    let mut world = World::with_authorized_vehicle();
    let id = world.issue(1);
    let (decision, effects) =
        deny(&request("x", &id, world.now), Some(&vin()), DenialReason::AnotherProvisioningUnderWay);
    assert_eq!(decision, ProvisioningDecision::Deny(DenialReason::AnotherProvisioningUnderWay));
    world.perform_now(&effects);
    assert_eq!(world.attempts.values().next().unwrap().vin, Some(vin()));
}
