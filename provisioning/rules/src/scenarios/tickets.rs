//! An operator lets a vehicle be provisioned once more.

use shared::api::OpenTicket;
use shared::{DenialReason, Refusal, SignedDuration, TicketState};

use super::world::{OperatorAction, Trouble, World, operator, request, vin};
use crate::{ProvisioningDecision, may_open_ticket, open_ticket};

fn with_ticket() -> World {
    let (mut world, _) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    world
}

#[test]
fn a_ticket_lets_one_certificate_in_and_no_second() {
    let mut world = with_ticket();
    let newer = world.provision(2);
    let ticket = world.authorized[&vin()].ticket.clone().unwrap();
    assert_eq!(ticket.state(world.now), TicketState::Used);
    assert_eq!(ticket.used_by, Some(newer.clone()));
    assert_eq!((ticket.opened_by.as_str(), ticket.reason.as_str()), ("an-operator", "stolen in the port"));
    assert_eq!(world.is_denied(vin().as_str(), 3), DenialReason::TicketUsed);
    assert_eq!(world.active(), [newer]);
}

#[test]
fn an_expired_ticket_lets_nobody_in_from_the_very_second_it_ends() {
    let mut world = with_ticket();
    let ends_at = world.authorized[&vin()].ticket.as_ref().unwrap().ends_at;
    let id = world.issue(2);
    let a_moment_before = ends_at.checked_sub(SignedDuration::from_nanos(1)).unwrap();
    let facts = world.facts(&vin());
    assert_eq!(
        world.decide_request(&request(vin().as_str(), &id, a_moment_before), &facts).0,
        ProvisioningDecision::Allow(vin())
    );
    assert_eq!(
        world.decide_request(&request(vin().as_str(), &id, ends_at), &facts).0,
        ProvisioningDecision::Deny(DenialReason::TicketExpired)
    );
}

#[test]
fn a_ticket_can_be_tried_again_while_its_certificate_was_never_registered() {
    let mut world = with_ticket();
    let (lost, _) = world.device_asks(vin().as_str(), 2);
    world.iot_forgets_pending(&lost);
    let kept = world.provision(3);
    assert_eq!(world.active(), [kept]);
    assert_eq!(world.is_denied(vin().as_str(), 4), DenialReason::TicketUsed);
}

#[test]
fn of_two_devices_under_one_ticket_only_one_becomes_registered() {
    let mut world = with_ticket();
    let (first, _) = world.device_asks(vin().as_str(), 2);
    let (second, decision) = world.device_asks(vin().as_str(), 3);
    assert_eq!(decision, ProvisioningDecision::Allow(vin()));
    world.register(&first);
    assert!(world.row(&first).registered_at.is_none());
    world.register(&second);
    assert_eq!(world.active(), [second]);
}

#[test]
fn a_ticket_that_is_opened_closed_and_opened_again_is_another_ticket() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    world.operator(&vin(), OperatorAction::Revoke(live)).unwrap();
    assert_eq!(world.is_denied(vin().as_str(), 2), DenialReason::TicketExpired, "the revocation ended it");
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    assert_eq!(world.is_denied(vin().as_str(), 3), DenialReason::TicketExpired);
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let back = world.provision(4);
    assert_eq!(world.active(), [back]);
}

#[test]
fn a_revocation_ends_a_ticket_that_has_let_in_somebody_who_never_registered() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let (under_way, _) = world.device_asks(vin().as_str(), 2);
    world.operator(&vin(), OperatorAction::Revoke(live)).unwrap();
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    assert_eq!(world.is_denied(vin().as_str(), 3), DenialReason::TicketExpired);
    world.register(&under_way);
    assert_eq!(world.active(), [], "what was under way does not get in either");
}

#[test]
fn a_ticket_is_refused_where_it_would_be_of_no_use() {
    let mut world = World::new();
    assert_eq!(may_open_ticket(&world.facts(&vin()), world.now), Err(Refusal::NotAuthorized));
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    assert_eq!(may_open_ticket(&world.facts(&vin()), world.now), Err(Refusal::NeverProvisioned));
    let id = world.provision(1);
    world.operator(&vin(), OperatorAction::Hold(id.clone())).unwrap();
    assert_eq!(may_open_ticket(&world.facts(&vin()), world.now), Err(Refusal::OnHold));
    world.operator(&vin(), OperatorAction::Release(id)).unwrap();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    assert_eq!(may_open_ticket(&world.facts(&vin()), world.now), Err(Refusal::TicketAlreadyOpen));
    world.pass(SignedDuration::from_mins(61));
    assert_eq!(may_open_ticket(&world.facts(&vin()), world.now), Ok(()));
}

#[test]
fn a_ticket_lasts_between_a_minute_and_seven_days() {
    let (world, _) = World::with_live_vehicle();
    let open = |minutes| open_ticket(&world.facts(&vin()), minutes, &operator(world.now)).map(|_| ());
    assert_eq!(open(0), Err(Refusal::TicketWindowOutOfRange));
    assert_eq!(open(1), Ok(()));
    assert_eq!(open(OpenTicket::LONGEST_MINUTES), Ok(()));
    assert_eq!(open(OpenTicket::LONGEST_MINUTES + 1), Err(Refusal::TicketWindowOutOfRange));
    assert_eq!(open(u32::MAX), Err(Refusal::TicketWindowOutOfRange));
}

#[test]
fn of_two_operators_who_open_a_ticket_at_once_one_is_told_that_things_changed() {
    let (mut world, _) = World::with_live_vehicle();
    let facts = world.facts(&vin());
    let first = open_ticket(&facts, 60, &operator(world.now)).unwrap();
    world.tick();
    let second = open_ticket(&facts, 60, &operator(world.now)).unwrap();
    assert_eq!(world.perform_late(&first), Ok(()));
    assert_eq!(world.perform_late(&second), Err(Trouble::FactsChanged));
    assert_eq!(world.perform_late(&first), Ok(()), "a repeat after a lost answer meets itself");
}
