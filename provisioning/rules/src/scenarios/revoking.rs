//! An operator withdraws a certificate.

use shared::{
    AuthorityId, CertificateStatus, DenialReason, ProvisionedVehicle, Refusal, RetirementCause, SignedDuration,
    ThingName,
};

use super::world::{OperatorAction, Trouble, World, certificate, operator, request, vin};
use crate::{Effect, may_revoke, remove_revoked, revoke};

#[test]
fn a_revocation_closes_the_door_cuts_the_vehicle_off_and_proves_both_before_it_is_recorded() {
    let (world, live) = World::with_live_vehicle();
    let effects = world.decide(&world.facts(&vin()), &OperatorAction::Revoke(live.clone())).unwrap();
    let [Effect::CloseDoor(_), rest @ ..] = effects.as_slice() else { panic!("{effects:?}") };
    let [before @ .., Effect::RecordStatus(_), Effect::DetachCertificate(_)] = rest else { panic!("{effects:?}") };
    let thing = ThingName::of(&vin());
    assert_eq!(
        before,
        [
            Effect::DeactivateCertificate(live.clone()),
            Effect::CutConnection(thing.clone()),
            Effect::ProveDisconnected(thing),
            Effect::RevokeCertificate(live.clone()),
            Effect::ProveRefused(live),
        ]
    );
}

#[test]
fn where_another_certificate_is_active_the_vehicle_is_cut_off_and_expected_back() {
    let (mut world, old) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let (newer, _) = world.device_asks(vin().as_str(), 2);
    assert!(world.iot_attaches(&newer) && world.iot_activates(&newer));
    let effects = world.decide(&world.refreshed_facts(&vin()), &OperatorAction::Revoke(old)).unwrap();
    assert!(effects.contains(&Effect::CutConnection(ThingName::of(&vin()))), "{effects:?}");
    assert!(!effects.contains(&Effect::ProveDisconnected(ThingName::of(&vin()))), "{effects:?}");
}

#[test]
fn a_revocation_whose_detaching_was_interrupted_can_be_repeated_and_leaves_a_new_ticket_alone() {
    let (mut world, live) = World::with_live_vehicle();
    let effects = world.decide_with_receipt(&world.facts(&vin()), &OperatorAction::Revoke(live.clone())).unwrap();
    world.perform_now(&effects[..effects.len() - 2]);
    assert_eq!(world.row(&live).certificate_status, CertificateStatus::Revoked);
    assert!(world.registry[&live].attached);
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let before = world.authorized.clone();
    assert_eq!(world.operator(&vin(), OperatorAction::Revoke(live.clone())), Ok(()));
    assert!(!world.registry[&live].attached);
    assert_eq!(world.authorized, before);
    assert_eq!(world.operator(&vin(), OperatorAction::Revoke(live)), Err(Refusal::AlreadyRevoked));
}

#[test]
fn an_outcome_is_never_overwritten_by_what_was_begun() {
    let (mut world, live) = World::with_live_vehicle();
    let effects = world.decide_with_receipt(&world.facts(&vin()), &OperatorAction::Hold(live)).unwrap();
    world.perform_now(&effects);
    world.perform_now(&effects[..1]);
    assert!(world.receipts.values().all(|receipt| receipt.ended_at.is_some()), "{:?}", world.receipts);
}

#[test]
fn a_revoked_certificate_is_removed_when_its_time_has_come_and_the_row_keeps_who_and_why() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::Revoke(live.clone())).unwrap();
    let keep_for = SignedDuration::from_hours(30 * 24);
    let remove = |world: &World| remove_revoked(world.row(&live), world.reported(&live), world.now, keep_for);
    assert_eq!(remove(&world), []);
    world.pass(keep_for);
    let retirement = world.row(&live).retirement.clone();
    let effects = remove(&world);
    for done in 0..effects.len() {
        let mut world = world.clone();
        world.perform_now(&effects[..done]);
        world.perform_now(&remove(&world));
        assert_eq!(world.reported(&live), None, "after {done} effects");
        assert_eq!(world.row(&live).certificate_status, CertificateStatus::Deleted);
        assert_eq!(world.row(&live).retirement, retirement);
        assert_eq!(remove(&world), []);
        assert_eq!(world.is_denied(vin().as_str(), 2), DenialReason::Revoked);
    }
}

#[test]
fn a_revoked_certificate_of_an_authority_is_never_deleted() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::Revoke(live.clone())).unwrap();
    let row = ProvisionedVehicle { authority_id: Some(AuthorityId(certificate(77))), ..world.row(&live).clone() };
    assert_eq!(remove_revoked(&row, world.reported(&live), world.now, SignedDuration::ZERO), []);
}

#[test]
fn a_revoked_row_that_does_not_say_when_stays_as_it_is() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::Revoke(live.clone())).unwrap();
    let row = ProvisionedVehicle { retirement: None, ..world.row(&live).clone() };
    assert_eq!(remove_revoked(&row, world.reported(&live), world.now, SignedDuration::ZERO), []);
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
    // All but the last, the detaching: the revocation is whole then, and its own test tells how it is repeated.
    for done in 0..effects.len() - 1 {
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
    assert_eq!(may_revoke(world.row(&old), true), Err(Refusal::AlreadyDeleted));
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
    let stale = revoke(&facts, facts.row(&live).unwrap(), Some(CertificateStatus::Active), false, &operator(world.now))
        .unwrap();
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
    let held = crate::hold(&facts, facts.row(&live).unwrap(), false, &operator(world.now)).unwrap();
    world.operator(&vin(), OperatorAction::Revoke(live.clone())).unwrap();
    let record = held.iter().find(|effect| matches!(effect, Effect::RecordStatus(_))).unwrap();
    assert_eq!(world.apply(record), Err(Trouble::FactsChanged));
    assert_eq!(world.row(&live).certificate_status, CertificateStatus::Revoked);
}

#[test]
fn revoking_the_old_certificate_does_not_put_out_the_new_one_whose_event_is_under_way() {
    let (mut world, old) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let (new, _) = world.device_asks(vin().as_str(), 2);
    assert!(world.iot_attaches(&new) && world.iot_activates(&new));
    // The operator sees two active certificates and revokes the old one; then the event arrives.
    world.tick();
    let effects = world.decide(&world.refreshed_facts(&vin()), &OperatorAction::Revoke(old.clone())).unwrap();
    world.perform_now(&effects);
    world.thing_event(&vin(), &new).unwrap();
    assert_eq!(world.active(), std::slice::from_ref(&new));
    assert_eq!(world.row(&new).certificate_status, CertificateStatus::Active);
    assert_eq!(world.row(&old).certificate_status, CertificateStatus::Revoked);
}
