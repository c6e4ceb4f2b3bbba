//! A vehicle reports with its own certificate.

use shared::CertificateStatus;

use super::world::{OperatorAction, World, vin};
use crate::Effect;

#[test]
fn the_first_report_is_recorded_and_later_ones_change_nothing() {
    let (mut world, id) = World::with_live_vehicle();
    let first = world.row(&id).first_connected_at;
    assert!(first.is_some());
    assert_eq!(world.report(&id), []);
    assert_eq!(world.row(&id).first_connected_at, first);
}

#[test]
fn a_report_settles_a_registration_whose_event_was_lost() {
    let mut world = World::with_authorized_vehicle();
    let (id, _) = world.device_asks(vin().as_str(), 1);
    assert!(world.iot_attaches(&id) && world.iot_activates(&id));
    world.report(&id);
    let row = world.row(&id);
    assert_eq!(row.certificate_status, CertificateStatus::Active);
    assert!(row.has_connected_once && row.registered_at.is_some());
}

#[test]
fn a_device_that_reports_after_another_was_admitted_is_put_out_and_not_recorded_as_connected() {
    let mut world = World::with_authorized_vehicle();
    let (first, _) = world.device_asks(vin().as_str(), 1);
    let (second, _) = world.device_asks(vin().as_str(), 2);
    for id in [&first, &second] {
        assert!(world.iot_attaches(id) && world.iot_activates(id));
    }
    world.report(&first);
    assert_eq!(world.row(&first).certificate_status, CertificateStatus::Deleted);
    assert!(!world.row(&first).has_connected_once);
    world.report(&second);
    assert_eq!(world.active(), [second]);
}

#[test]
fn a_held_certificate_that_became_active_after_all_is_put_out_by_its_own_report() {
    let (mut world, id) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::Hold(id.clone())).unwrap();
    assert!(world.iot_activates(&id));
    assert_eq!(world.report(&id), [Effect::DeactivateCertificate(id.clone())]);
    assert_eq!(world.active(), []);
}
