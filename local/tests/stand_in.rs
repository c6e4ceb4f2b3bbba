//! What `local/stand_in` adds to ministack, used by the AWS clients and the AWS IoT Device SDK that know nothing of it.
//!
//! The tests are Python, in `local/tests/stand_in`, as these clients are; each file has a stand-in of its own.

use std::process::Command;

const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stand_in");

fn every_test_passes(file: &str) {
    let output = Command::new("python3")
        .args(["-B", "-m", "unittest", file])
        .current_dir(TESTS)
        .output()
        .expect("python3 is on the PATH that local/setup/with-tools sets");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_vehicle_that_keeps_its_key_gets_a_certificate() {
    every_test_passes("certificate_from_csr");
}

#[test]
fn a_connection_can_be_looked_at_and_cut() {
    every_test_passes("connections");
}

#[test]
fn a_rotation_calls_its_function_step_by_step() {
    every_test_passes("rotation");
}

#[test]
fn a_certificate_that_is_not_active_loses_its_connections() {
    every_test_passes("dropped_certificates");
}

#[test]
fn certificates_and_authorities_are_kept_as_aws_keeps_them() {
    every_test_passes("certificate_registry");
}

#[test]
fn the_rates_of_an_account_can_be_read() {
    every_test_passes("service_quotas");
}

#[test]
fn a_device_cannot_tell_it_from_plain_ministack() {
    every_test_passes("same_story");
}

#[test]
fn an_alarm_sees_its_own_metric() {
    every_test_passes("alarms");
}
