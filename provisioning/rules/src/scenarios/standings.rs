//! Where a vehicle stands, in one word.

use shared::{SignedDuration, VehicleStanding};

use super::world::{OperatorAction, World, vin};
use crate::{current_certificate, standing};

fn stands(world: &World) -> VehicleStanding {
    standing(&world.facts(&vin()), world.now)
}

#[test]
fn a_vehicle_passes_through_every_standing() {
    let mut world = World::new();
    assert_eq!(stands(&world), VehicleStanding::NotAllowed);
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    assert_eq!(stands(&world), VehicleStanding::Authorized);
    let (id, _) = world.device_asks(vin().as_str(), 1);
    assert_eq!(stands(&world), VehicleStanding::Provisioning);
    world.register(&id);
    assert_eq!(stands(&world), VehicleStanding::Provisioned);
    world.report(&id);
    assert_eq!(stands(&world), VehicleStanding::Connected);
    world.operator(&vin(), OperatorAction::Hold(id.clone())).unwrap();
    assert_eq!(stands(&world), VehicleStanding::OnHold);
    world.operator(&vin(), OperatorAction::Release(id.clone())).unwrap();
    assert_eq!(stands(&world), VehicleStanding::Connected);
    world.operator(&vin(), OperatorAction::Revoke(id)).unwrap();
    assert_eq!(stands(&world), VehicleStanding::Revoked);
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    assert_eq!(stands(&world), VehicleStanding::Revoked, "an open door alone lets it nowhere");
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    assert_eq!(stands(&world), VehicleStanding::AwaitingReprovision);
    world.pass(SignedDuration::from_mins(61));
    assert_eq!(stands(&world), VehicleStanding::Revoked);
}

#[test]
fn a_vehicle_on_hold_says_so_whatever_else_is_open() {
    let (mut world, id) = World::with_live_vehicle();
    let facts = world.facts(&vin());
    let ticket = crate::open_ticket(&facts, 60, &super::world::operator(world.now)).unwrap();
    world.operator(&vin(), OperatorAction::Hold(id)).unwrap();
    // An operator's ticket that was decided before the hold.
    let _ = world.perform_late(&ticket);
    assert_eq!(stands(&world), VehicleStanding::OnHold);
}

#[test]
fn the_live_certificate_is_the_current_one_while_a_newer_one_waits() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let (newer, _) = world.device_asks(vin().as_str(), 2);
    let current = |world: &World| current_certificate(&world.facts(&vin())).map(|row| row.certificate_id.clone());
    assert_eq!(current(&world), Some(live));
    world.register(&newer);
    assert_eq!(current(&world), Some(newer));
}
