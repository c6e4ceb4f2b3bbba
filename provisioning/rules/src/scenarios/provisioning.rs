//! A vehicle gets its certificate.

use shared::{CertificateStatus, DenialReason};

use super::world::{OperatorAction, World, claim, request, vin};
use crate::{AwaitingActivation, Effect, ProvisioningDecision};

#[test]
fn an_authorized_vehicle_provisions_itself_once() {
    let (world, id) = World::with_live_vehicle();
    let row = world.row(&id);
    assert_eq!(row.certificate_status, CertificateStatus::Active);
    assert!(row.has_connected_once);
    assert!(row.registered_at > row.admitted_at);
    assert_eq!(row.claim_certificate_id, Some(claim()));
    assert_eq!(row.client_id.as_deref(), Some("plant-7-line-2"));
    assert_eq!((row.make.as_deref(), row.region.as_deref()), (Some("Honda"), Some("eu-west-1")));
    assert_eq!(world.tables_agree(), Ok(()));
}

#[test]
fn a_vin_that_nobody_authorized_is_denied_and_leaves_no_row() {
    let mut world = World::new();
    assert_eq!(world.is_denied(vin().as_str(), 1), DenialReason::VinNotAuthorized);
    assert!(world.provisioned.is_empty() && world.authorized.is_empty() && world.registry.is_empty());
}

#[test]
fn a_vin_whose_door_is_closed_is_denied() {
    let mut world = World::with_authorized_vehicle();
    world.authorized.get_mut(&vin()).unwrap().allow_provisioning = false;
    assert_eq!(world.is_denied(vin().as_str(), 1), DenialReason::ProvisioningNotAllowed);
}

#[test]
fn a_vehicle_that_lost_power_before_it_registered_may_ask_again_with_a_new_certificate() {
    let mut world = World::with_authorized_vehicle();
    let (lost, _) = world.device_asks(vin().as_str(), 1);
    world.iot_forgets_pending(&lost);
    let kept = world.provision(2);
    assert_eq!(world.active(), [kept]);
    assert_eq!(world.row(&lost).certificate_status, CertificateStatus::Deleted);
    assert_eq!(world.tables_agree(), Ok(()));
}

#[test]
fn a_hook_that_is_called_twice_for_one_certificate_answers_the_same_and_admits_once() {
    let mut world = World::with_authorized_vehicle();
    let (id, first) = world.device_asks(vin().as_str(), 1);
    world.tick();
    assert_eq!(world.ask(&request(vin().as_str(), &id, world.now)), first);
    assert_eq!((world.provisioned.len(), world.attempts.len()), (1, 2));
}

#[test]
fn the_same_request_that_is_decided_again_after_a_lost_answer_is_one_attempt() {
    let mut world = World::with_authorized_vehicle();
    let id = world.issue(1);
    let asked = request(vin().as_str(), &id, world.now);
    assert_eq!(world.ask(&asked), world.ask(&asked));
    assert_eq!(world.attempts.len(), 1);
}

#[test]
fn a_certificate_that_is_live_is_not_let_in_again_and_not_deleted() {
    let (mut world, live) = World::with_live_vehicle();
    world.tick();
    let decision = world.ask(&request(vin().as_str(), &live, world.now));
    assert_eq!(decision, ProvisioningDecision::Deny(DenialReason::CertificateAlreadyKnown));
    assert_eq!(world.active(), [live]);
}

#[test]
fn a_certificate_of_this_vehicle_that_left_is_not_let_in_again() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::Revoke(live.clone())).unwrap();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let decision = world.ask(&request(vin().as_str(), &live, world.now));
    assert_eq!(decision, ProvisioningDecision::Deny(DenialReason::CertificateAlreadyKnown));
    assert_eq!(world.reported(&live), Some(CertificateStatus::Revoked));
}

#[test]
fn an_event_before_the_activation_asks_to_look_again() {
    let mut world = World::with_authorized_vehicle();
    let (id, _) = world.device_asks(vin().as_str(), 1);
    assert!(world.iot_attaches(&id));
    assert_eq!(world.thing_event(&vin(), &id), Err(AwaitingActivation));
    assert_eq!(world.row(&id).certificate_status, CertificateStatus::PendingActivation);
}

#[test]
fn an_event_that_comes_twice_changes_nothing_the_second_time() {
    let (mut world, id) = World::with_live_vehicle();
    let before = (world.provisioned.clone(), world.registry.clone());
    assert_eq!(world.thing_event(&vin(), &id), Ok(vec![]));
    assert_eq!((world.provisioned.clone(), world.registry.clone()), before);
}

/// Weakness 4: every provisioning listed every certificate of the account.
#[test]
fn the_work_after_a_registration_is_about_this_vehicle_alone() {
    let (mut world, old) = World::with_live_vehicle();
    for stranger in 100..200 {
        world.issued_before(stranger, CertificateStatus::Active);
    }
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let newer = world.provision(2);
    assert_eq!(world.active().len(), 101);
    assert_eq!(world.reported(&old), None);
    assert_eq!(world.reported(&newer), Some(CertificateStatus::Active));
}

#[test]
fn a_registration_that_no_event_told_of_is_recorded_before_a_ticket_builds_on_it() {
    let mut world = World::with_authorized_vehicle();
    let (live, _) = world.device_asks(vin().as_str(), 1);
    assert!(world.iot_attaches(&live) && world.iot_activates(&live));
    assert_eq!(world.is_denied(vin().as_str(), 2), DenialReason::AlreadyProvisioned);
    let seen = crate::open_ticket(&world.refreshed_facts(&vin()), 60, &super::world::operator(world.now)).unwrap();
    world.perform_now(&seen);
    let (newer, decision) = world.device_asks(vin().as_str(), 3);
    assert_eq!(decision, ProvisioningDecision::Allow(vin()));
    assert_eq!(world.row(&live).certificate_status, CertificateStatus::Active);
    assert_eq!(world.thing_event(&vin(), &live), Ok(vec![]), "its late event does not put it out");
    assert_eq!(world.active(), std::slice::from_ref(&live));
    world.register(&newer);
    assert_eq!(world.active(), [newer]);
}

#[test]
fn a_retirement_that_was_interrupted_anywhere_is_finished_by_the_next_event() {
    let (mut world, old) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let (newer, _) = world.device_asks(vin().as_str(), 2);
    assert!(world.iot_attaches(&newer) && world.iot_activates(&newer));
    let effects =
        crate::after_registration(&world.facts(&vin()), &newer, Some(CertificateStatus::Active), world.now).unwrap();
    assert!(effects.len() > 4, "{effects:?}");
    for done in 0..=effects.len() {
        let mut world = world.clone();
        world.perform_now(&effects[..done]);
        world.thing_event(&vin(), &newer).unwrap();
        assert_eq!(world.active(), std::slice::from_ref(&newer), "after {done} effects");
        assert_eq!(world.row(&old).certificate_status, CertificateStatus::Deleted);
        assert_eq!(world.tables_agree(), Ok(()));
    }
    let first = effects.first();
    assert!(matches!(first, Some(Effect::RecordRegistered(_))), "the new one is recorded before the old one leaves");
}
