//! An operator suspends a vehicle and lets it back.

use shared::{CertificateStatus, DenialReason, Refusal, ThingName, VehicleStanding};

use super::world::{OperatorAction, World, vin};
use crate::{Effect, may_hold, may_release, standing};

#[test]
fn a_vehicle_on_hold_is_out_and_comes_back_with_the_same_certificate() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::Hold(live.clone())).unwrap();
    assert_eq!(world.reported(&live), Some(CertificateStatus::Inactive));
    assert_eq!(world.cut, [ThingName::of(&vin())]);
    assert_eq!(world.tables_agree(), Ok(()));
    world.operator(&vin(), OperatorAction::Release(live.clone())).unwrap();
    assert_eq!(world.active(), std::slice::from_ref(&live));
    assert_eq!(world.row(&live).retirement, None);
    assert_eq!(world.tables_agree(), Ok(()));
}

#[test]
fn a_hold_proves_that_the_vehicle_is_off_and_refused_and_is_recorded_last() {
    let (world, live) = World::with_live_vehicle();
    let effects = world.decide(&world.facts(&vin()), &OperatorAction::Hold(live.clone())).unwrap();
    let [Effect::CloseDoor(_), proven @ .., Effect::RecordStatus(_)] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    let thing = ThingName::of(&vin());
    assert_eq!(
        proven,
        [
            Effect::DeactivateCertificate(live.clone()),
            Effect::CutConnection(thing.clone()),
            Effect::ProveDisconnected(thing),
            Effect::ProveRefused(live),
        ]
    );
}

#[test]
fn a_hold_whose_outcome_was_lost_can_be_repeated_and_keeps_who_and_why() {
    let (mut world, live) = World::with_live_vehicle();
    let effects = world.decide_with_receipt(&world.facts(&vin()), &OperatorAction::Hold(live.clone())).unwrap();
    world.perform_now(&effects[..effects.len() - 1]);
    let held = world.row(&live).clone();
    assert_eq!(world.operator(&vin(), OperatorAction::Hold(live.clone())), Ok(()));
    assert_eq!(*world.row(&live), held);
    assert_eq!(world.operator(&vin(), OperatorAction::Hold(live)), Err(Refusal::AlreadyOnHold));
}

#[test]
fn a_vehicle_on_hold_cannot_get_another_certificate() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::Hold(live)).unwrap();
    assert_eq!(world.is_denied(vin().as_str(), 2), DenialReason::OnHold);
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    assert_eq!(world.is_denied(vin().as_str(), 3), DenialReason::OnHold);
}

#[test]
fn a_hold_under_an_open_ticket_ends_the_ticket_and_what_is_under_way() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let (under_way, _) = world.device_asks(vin().as_str(), 2);
    world.operator(&vin(), OperatorAction::Hold(live.clone())).unwrap();
    world.register(&under_way);
    assert_eq!(world.active(), []);
    assert_eq!(world.row(&under_way).certificate_status, CertificateStatus::Deleted);
    world.operator(&vin(), OperatorAction::Release(live.clone())).unwrap();
    assert_eq!(world.active(), [live]);
    assert_eq!(world.is_denied(vin().as_str(), 3), DenialReason::TicketUsed);
}

#[test]
fn holding_twice_and_releasing_twice_is_refused() {
    let (mut world, live) = World::with_live_vehicle();
    assert_eq!(world.operator(&vin(), OperatorAction::Release(live.clone())), Err(Refusal::NotOnHold));
    world.operator(&vin(), OperatorAction::Hold(live.clone())).unwrap();
    assert_eq!(world.operator(&vin(), OperatorAction::Hold(live.clone())), Err(Refusal::AlreadyOnHold));
    world.operator(&vin(), OperatorAction::Release(live.clone())).unwrap();
    assert_eq!(world.operator(&vin(), OperatorAction::Release(live)), Err(Refusal::NotOnHold));
}

#[test]
fn only_what_is_in_use_can_be_held() {
    let mut world = World::with_authorized_vehicle();
    let (id, _) = world.device_asks(vin().as_str(), 1);
    assert_eq!(may_hold(world.row(&id), true), Err(Refusal::NotActive));
    world.register(&id);
    world.operator(&vin(), OperatorAction::Revoke(id.clone())).unwrap();
    assert_eq!(may_hold(world.row(&id), true), Err(Refusal::AlreadyRevoked));
    assert_eq!(may_release(&world.facts(&vin()), world.row(&id)), Err(Refusal::AlreadyRevoked));
}

#[test]
fn a_hold_and_a_release_that_were_interrupted_anywhere_are_finished_by_repeating_them() {
    let (world, live) = World::with_live_vehicle();
    let mut held = world.clone();
    held.operator(&vin(), OperatorAction::Hold(live.clone())).unwrap();
    for (world, action, end) in [
        (world, OperatorAction::Hold(live.clone()), CertificateStatus::Inactive),
        (held, OperatorAction::Release(live.clone()), CertificateStatus::Active),
    ] {
        let effects = world.decide(&world.facts(&vin()), &action).unwrap();
        for done in 0..effects.len() {
            let mut world = world.clone();
            world.perform_now(&effects[..done]);
            assert_eq!(world.operator(&vin(), action.clone()), Ok(()), "{action:?} after {done} effects");
            assert_eq!(world.reported(&live), Some(end));
            assert_eq!(world.tables_agree(), Ok(()));
        }
    }
}

#[test]
fn a_vehicle_that_reconnects_while_it_is_released_stays_in() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::Hold(live.clone())).unwrap();
    let effects = world.decide(&world.facts(&vin()), &OperatorAction::Release(live.clone())).unwrap();
    for effect in effects {
        world.perform_now(&[effect]);
        if world.reported(&live) == Some(CertificateStatus::Active) {
            world.report(&live);
        }
    }
    assert_eq!(world.active(), [live]);
    assert_eq!(world.tables_agree(), Ok(()));
}

#[test]
fn a_hold_of_a_certificate_that_is_being_replaced_does_not_hold_the_vehicle_back() {
    let (mut world, old) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let (newer, _) = world.device_asks(vin().as_str(), 2);
    assert!(world.iot_attaches(&newer) && world.iot_activates(&newer));
    let effects = crate::after_registration(&world.facts(&vin()), &newer, world.reported(&newer), world.now).unwrap();
    world.perform_now(&effects[..1]);
    world.operator(&vin(), OperatorAction::Hold(old.clone())).unwrap();
    assert_eq!(world.operator(&vin(), OperatorAction::Release(old.clone())), Err(Refusal::ReplacedMeanwhile));
    world.report(&newer);
    assert_eq!(world.active(), [newer]);
    assert_eq!(world.row(&old).certificate_status, CertificateStatus::Deleted);
    assert_eq!(standing(&world.facts(&vin()), world.now), VehicleStanding::Connected);
}
