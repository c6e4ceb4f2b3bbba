//! An operator withdraws a certificate.

use shared::{CertificateStatus, DenialReason, Refusal, RetirementCause, ThingName};

use super::world::{OperatorAction, Trouble, World, operator, request, vin};
use crate::{Effect, may_revoke, revoke};

#[test]
fn a_revocation_closes_the_door_first_and_is_recorded_last() {
    let (world, live) = World::with_live_vehicle();
    let effects = world.decide(&world.facts(&vin()), &OperatorAction::Revoke(live)).unwrap();
    assert!(matches!(effects.first(), Some(Effect::CloseDoor(_))), "{effects:?}");
    assert!(matches!(effects.last(), Some(Effect::RecordStatus(_))), "{effects:?}");
}

#[test]
fn a_revoked_vehicle_is_out_and_cut_off_and_the_row_says_who_and_why() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::Revoke(live.clone())).unwrap();
    assert_eq!(world.reported(&live), Some(CertificateStatus::Revoked));
    assert_eq!(world.cut, [ThingName::of(&vin())]);
    let retirement = world.row(&live).retirement.clone().unwrap();
    assert_eq!(retirement.cause, RetirementCause::Revoked);
    assert_eq!(retirement.by.as_deref(), Some("an-operator"));
    assert_eq!(retirement.reason.as_deref(), Some("stolen in the port"));
    assert_eq!(world.tables_agree(), Ok(()));
}

#[test]
fn a_revocation_that_was_interrupted_anywhere_is_finished_by_repeating_it() {
    let (world, live) = World::with_live_vehicle();
    let effects = world.decide(&world.facts(&vin()), &OperatorAction::Revoke(live.clone())).unwrap();
    for done in 0..effects.len() {
        let mut world = world.clone();
        world.perform_now(&effects[..done]);
        assert_eq!(world.operator(&vin(), OperatorAction::Revoke(live.clone())), Ok(()), "after {done} effects");
        assert_eq!(world.reported(&live), Some(CertificateStatus::Revoked));
        assert_eq!(world.row(&live).certificate_status, CertificateStatus::Revoked);
        assert_eq!(world.is_denied(vin().as_str(), 9), DenialReason::Revoked);
    }
}

#[test]
fn revoking_twice_is_refused_and_changes_nothing() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::Revoke(live.clone())).unwrap();
    let before = (world.provisioned.clone(), world.registry.clone(), world.authorized.clone());
    assert_eq!(world.operator(&vin(), OperatorAction::Revoke(live)), Err(Refusal::AlreadyRevoked));
    assert_eq!((world.provisioned.clone(), world.registry.clone(), world.authorized.clone()), before);
}

#[test]
fn revoking_what_was_replaced_is_refused() {
    let (mut world, old) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    world.provision(2);
    assert_eq!(world.operator(&vin(), OperatorAction::Revoke(old.clone())), Err(Refusal::AlreadyDeleted));
    assert_eq!(may_revoke(world.row(&old)), Err(Refusal::AlreadyDeleted));
}

#[test]
fn revoking_what_aws_lost_is_recorded_as_deleted_and_still_needs_a_ticket() {
    let (mut world, live) = World::with_live_vehicle();
    world.registry.remove(&live);
    world.operator(&vin(), OperatorAction::Revoke(live.clone())).unwrap();
    assert_eq!(world.row(&live).certificate_status, CertificateStatus::Deleted);
    assert_eq!(world.row(&live).retirement.as_ref().map(|end| end.cause), Some(RetirementCause::Revoked));
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    assert_eq!(world.is_denied(vin().as_str(), 2), DenialReason::Revoked);
}

#[test]
fn revoking_a_vehicle_on_hold_ends_it_for_good() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::Hold(live.clone())).unwrap();
    world.operator(&vin(), OperatorAction::Revoke(live.clone())).unwrap();
    assert_eq!(world.operator(&vin(), OperatorAction::Release(live.clone())), Err(Refusal::AlreadyRevoked));
    assert_eq!(world.reported(&live), Some(CertificateStatus::Revoked));
}

#[test]
fn revoking_a_certificate_that_waits_to_be_registered_lets_it_never_in() {
    let mut world = World::with_authorized_vehicle();
    let (id, _) = world.device_asks(vin().as_str(), 1);
    world.operator(&vin(), OperatorAction::Revoke(id.clone())).unwrap();
    assert!(!world.iot_activates(&id), "AWS IoT does not activate what is revoked");
    assert_eq!(world.is_denied(vin().as_str(), 2), DenialReason::Revoked);
    assert_eq!(world.cut, [], "it never had a connection to cut");
}

#[test]
fn revoking_the_newcomer_under_a_ticket_leaves_the_live_certificate_in_use() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let (newcomer, _) = world.device_asks(vin().as_str(), 2);
    world.operator(&vin(), OperatorAction::Revoke(newcomer)).unwrap();
    assert_eq!(world.active(), std::slice::from_ref(&live));
    assert_eq!(world.authorized[&vin()].admitted_certificate_id, Some(live));
}

#[test]
fn revoking_the_certificate_in_use_does_not_bring_back_the_one_it_replaced() {
    let (mut world, old) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let (newer, _) = world.device_asks(vin().as_str(), 2);
    assert!(world.iot_attaches(&newer) && world.iot_activates(&newer));
    // The handler of its event dies after its first effect: the old certificate is still active.
    let effects = crate::after_registration(&world.facts(&vin()), &newer, world.reported(&newer), world.now).unwrap();
    world.perform_now(&effects[..1]);
    world.operator(&vin(), OperatorAction::Revoke(newer.clone())).unwrap();
    world.report(&old);
    assert_eq!(world.active(), []);
    assert_eq!(world.row(&old).certificate_status, CertificateStatus::Deleted);
}

#[test]
fn a_revocation_decided_before_somebody_was_registered_is_decided_again() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let (newer, _) = world.device_asks(vin().as_str(), 2);
    let facts = world.facts(&vin());
    let stale =
        revoke(&facts, facts.row(&live).unwrap(), Some(CertificateStatus::Active), &operator(world.now)).unwrap();
    world.register(&newer);
    assert_eq!(world.perform_late(&stale), Err(Trouble::FactsChanged));
    assert_eq!(world.active(), [newer]);
}

#[test]
fn an_admission_decided_before_a_revocation_is_decided_again_and_denied() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let id = world.issue(2);
    let (_, stale) = world.decide_request(&request(vin().as_str(), &id, world.now), &world.facts(&vin()));
    world.operator(&vin(), OperatorAction::Revoke(live)).unwrap();
    assert_eq!(world.perform_late(&stale), Err(Trouble::FactsChanged));
    assert_eq!(world.is_denied(vin().as_str(), 3), DenialReason::TicketExpired);
}

#[test]
fn what_is_recorded_as_revoked_stays_so() {
    let (mut world, live) = World::with_live_vehicle();
    let facts = world.facts(&vin());
    let held = crate::hold(&facts, facts.row(&live).unwrap(), &operator(world.now)).unwrap();
    world.operator(&vin(), OperatorAction::Revoke(live.clone())).unwrap();
    let record = held.iter().find(|effect| matches!(effect, Effect::RecordStatus(_))).unwrap();
    assert_eq!(world.apply(record), Err(Trouble::FactsChanged));
    assert_eq!(world.row(&live).certificate_status, CertificateStatus::Revoked);
}
