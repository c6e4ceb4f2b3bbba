//! Rows that an existing deployment or a plant's script wrote, without our attributes.

use shared::{AuthorizedVehicle, CertificateId, CertificateStatus, DenialReason, ProvisionedVehicle};

use super::world::{OperatorAction, World, certificate, vin};

/// A plant's script puts a row over whatever is there.
fn plant_authorizes(world: &mut World) {
    let row = AuthorizedVehicle {
        vin: vin(),
        make: Some("Honda".to_owned()),
        model: None,
        year: None,
        allow_provisioning: true,
        admitted_certificate_id: None,
        ticket: None,
        authorized_by: None,
        expected_claim_certificate_id: None,
    };
    world.authorized.insert(vin(), row);
}

fn old_row(world: &mut World, number: u64, status: CertificateStatus, connected: bool) -> CertificateId {
    let id = certificate(number);
    let row = ProvisionedVehicle {
        vin: vin(),
        certificate_id: id.clone(),
        make: None,
        model: None,
        year: None,
        region: None,
        certificate_status: status,
        has_connected_once: connected,
        first_connected_at: None,
        claim_certificate_id: None,
        authority_id: None,
        issued_by: None,
        client_id: None,
        admitted_at: None,
        registered_at: None,
        retirement: None,
    };
    world.provisioned.insert((vin(), id.clone()), row);
    if status != CertificateStatus::Deleted {
        world.issued_before(number, status);
    }
    id
}

#[test]
fn a_vehicle_that_a_plant_authorized_provisions_itself() {
    let mut world = World::new();
    plant_authorizes(&mut world);
    let id = world.provision(1);
    assert_eq!(world.active(), [id]);
}

#[test]
fn rows_of_denied_attempts_do_not_stand_in_the_way() {
    let mut world = World::new();
    plant_authorizes(&mut world);
    let denied = old_row(&mut world, 7, CertificateStatus::Deleted, false);
    world.provisioned.get_mut(&(vin(), denied)).unwrap().make =
        Some(ProvisionedVehicle::NOT_AUTHORIZED_MAKE.to_owned());
    old_row(&mut world, 8, CertificateStatus::Deleted, false);
    let id = world.provision(1);
    assert_eq!(world.active(), [id]);
}

#[test]
fn a_row_that_was_left_pending_does_not_stand_in_the_way_and_is_cleared() {
    let mut world = World::new();
    plant_authorizes(&mut world);
    let stuck = old_row(&mut world, 7, CertificateStatus::PendingActivation, false);
    let id = world.provision(1);
    assert_eq!(world.active(), [id]);
    assert_eq!(world.row(&stuck).certificate_status, CertificateStatus::Deleted);
}

#[test]
fn a_live_vehicle_of_an_existing_deployment_is_replaced_only_under_a_ticket() {
    let mut world = World::new();
    plant_authorizes(&mut world);
    let live = old_row(&mut world, 7, CertificateStatus::Active, true);
    assert_eq!(world.is_denied(vin().as_str(), 1), DenialReason::AlreadyProvisioned);
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let id = world.provision(2);
    assert_eq!(world.active(), [id]);
    assert_eq!(world.row(&live).certificate_status, CertificateStatus::Deleted);
}

#[test]
fn a_registration_that_an_existing_deployment_began_is_finished() {
    let mut world = World::new();
    plant_authorizes(&mut world);
    let begun = old_row(&mut world, 7, CertificateStatus::PendingActivation, false);
    world.register(&begun);
    assert_eq!(world.row(&begun).certificate_status, CertificateStatus::Active);
    assert_eq!(world.is_denied(vin().as_str(), 1), DenialReason::AlreadyProvisioned);
}

#[test]
fn a_registration_that_an_existing_deployment_began_does_not_replace_one_admitted_since() {
    let mut world = World::new();
    plant_authorizes(&mut world);
    let begun = old_row(&mut world, 7, CertificateStatus::PendingActivation, false);
    let (admitted, _) = world.device_asks(vin().as_str(), 1);
    world.register(&begun);
    world.register(&admitted);
    assert_eq!(world.active(), [admitted]);
    assert_eq!(world.row(&begun).certificate_status, CertificateStatus::Deleted);
}

#[test]
fn a_vehicle_that_was_knocked_off_the_air_can_be_released() {
    let mut world = World::new();
    plant_authorizes(&mut world);
    let knocked_off = old_row(&mut world, 7, CertificateStatus::Inactive, true);
    assert_eq!(world.is_denied(vin().as_str(), 1), DenialReason::AlreadyProvisioned);
    world.operator(&vin(), OperatorAction::Release(knocked_off.clone())).unwrap();
    assert_eq!(world.active(), [knocked_off]);
}

#[test]
fn a_plant_that_writes_a_row_over_ours_opens_no_way_around_a_revocation_a_hold_or_a_ticket() {
    let (mut world, live) = World::with_live_vehicle();
    plant_authorizes(&mut world);
    assert_eq!(world.is_denied(vin().as_str(), 2), DenialReason::AlreadyProvisioned);
    world.operator(&vin(), OperatorAction::Hold(live.clone())).unwrap();
    plant_authorizes(&mut world);
    assert_eq!(world.is_denied(vin().as_str(), 3), DenialReason::OnHold);
    world.operator(&vin(), OperatorAction::Revoke(live)).unwrap();
    plant_authorizes(&mut world);
    assert_eq!(world.is_denied(vin().as_str(), 4), DenialReason::Revoked);
}

#[test]
fn a_plant_that_writes_a_row_over_ours_during_a_registration_makes_the_vehicle_ask_again() {
    let mut world = World::with_authorized_vehicle();
    let (lost, _) = world.device_asks(vin().as_str(), 1);
    plant_authorizes(&mut world);
    world.register(&lost);
    assert_eq!(world.active(), [], "nobody knows any more that it was admitted");
    let id = world.provision(2);
    assert_eq!(world.active(), [id]);
}

#[test]
fn a_vehicle_without_an_authorization_can_be_revoked_without_making_a_row() {
    let mut world = World::new();
    let live = old_row(&mut world, 7, CertificateStatus::Active, true);
    world.operator(&vin(), OperatorAction::Revoke(live.clone())).unwrap();
    assert_eq!(world.reported(&live), Some(CertificateStatus::Revoked));
    assert!(world.authorized.is_empty());
}

#[test]
fn a_certificate_that_aws_lost_before_its_revocation_still_needs_a_ticket() {
    let mut world = World::new();
    plant_authorizes(&mut world);
    let live = old_row(&mut world, 7, CertificateStatus::Active, false);
    world.registry.remove(&live);
    world.operator(&vin(), OperatorAction::Revoke(live)).unwrap();
    plant_authorizes(&mut world);
    assert_eq!(world.is_denied(vin().as_str(), 1), DenialReason::Revoked);
}
