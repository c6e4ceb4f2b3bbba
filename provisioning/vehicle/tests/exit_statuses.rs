//! What a script sees when things go wrong, without any broker.

mod program;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::thread;

use program::{program, provision, run};
use serde_json::json;
use tempfile::TempDir;

/// A claim nobody knows, in the shape of the secret.
fn claim(place: &TempDir) -> PathBuf {
    let made = rcgen::generate_simple_self_signed([String::from("claim")]).expect("a key pair can be made");
    let secret =
        json!({"certificatePem": made.cert.pem(), "keyPair": {"PrivateKey": made.signing_key.serialize_pem()}});
    let path = place.path().join("claim.json");
    std::fs::write(&path, secret.to_string()).expect("the claim can be written");
    path
}

fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind("localhost:0").expect("a port is free");
    let port = listener.local_addr().expect("the listener has an address").port();
    (listener, port)
}

#[test]
fn wrong_usage_is_status_2() {
    assert_eq!(run(program().arg("fly")).status, 2);
    assert_eq!(run(program().args(["provision", "--vin", "A"])).status, 2);
    assert_eq!(run(program().args(["connect", "--endpoint", "x", "--identity", "y", "--port", "70000"])).status, 2);
}

#[test]
fn input_that_cannot_be_used_is_status_2_and_says_what_to_give() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let missing = place.path().join("missing.json");
    run(provision(1, &missing, &out).args(["--vin", "A"])).assert_failed(2, "cannot read the claim");
    let broken = place.path().join("broken.json");
    std::fs::write(&broken, "{}").unwrap();
    run(provision(1, &broken, &out).args(["--vin", "A"])).assert_failed(2, "certificatePem");
    let claim = claim(&place);
    run(provision(1, &claim, &out).args(["--vin", ""])).assert_failed(2, "VIN");
    run(provision(1, &claim, &out).args(["--vin", "A", "--client-id", ""])).assert_failed(2, "client id");
    run(provision(1, &claim, &out).args(["--vin", "A", "--root-ca"]).arg(&broken)).assert_failed(2, "root CA");
    run(program().args(["connect", "--endpoint", "localhost", "--identity"]).arg(&missing))
        .assert_failed(2, "not a folder");
}

#[test]
fn an_endpoint_where_nobody_listens_is_status_3() {
    let place = tempfile::tempdir().unwrap();
    let (listener, port) = listener();
    drop(listener);
    run(provision(port, &claim(&place), &place.path().join("out")).args(["--vin", "A"]))
        .assert_failed(3, "cannot reach localhost");
}

#[test]
fn an_endpoint_that_hangs_up_is_taken_for_a_refusal() {
    let place = tempfile::tempdir().unwrap();
    let (listener, port) = listener();
    let server = thread::spawn(move || {
        let (mut visitor, _) = listener.accept().unwrap();
        visitor.read_exact(&mut [0; 5]).unwrap();
    });
    run(provision(port, &claim(&place), &place.path().join("out")).args(["--vin", "A"]))
        .assert_failed(4, "closed the connection");
    server.join().unwrap();
}

#[test]
fn an_endpoint_that_never_answers_is_status_6() {
    let place = tempfile::tempdir().unwrap();
    let (_listener, port) = listener();
    run(provision(port, &claim(&place), &place.path().join("out")).args(["--vin", "A", "--timeout-seconds", "1"]))
        .assert_failed(6, "timed out after 1 s while connecting");
}

#[test]
fn an_endpoint_that_does_not_speak_tls_is_status_7() {
    let place = tempfile::tempdir().unwrap();
    let (listener, port) = listener();
    let server = thread::spawn(move || {
        let (mut visitor, _) = listener.accept().unwrap();
        visitor.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        // Until the visitor has left, or closing would look like hanging up.
        let _ = visitor.read_to_end(&mut Vec::new());
    });
    run(provision(port, &claim(&place), &place.path().join("out")).args(["--vin", "A"])).assert_failed(7, "TLS failed");
    server.join().unwrap();
}

#[test]
fn a_folder_that_cannot_be_made_is_status_10() {
    let place = tempfile::tempdir().unwrap();
    let claim = claim(&place);
    run(provision(1, &claim, &claim.join("below-a-file")).args(["--vin", "A"])).assert_failed(10, "cannot create");
}

#[test]
fn a_certificate_issued_elsewhere_is_kept_with_its_own_key_only() {
    let place = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed([String::from("vehicle")]).unwrap();
    let (certificate, key, out) = (place.path().join("a.pem"), place.path().join("a.key"), place.path().join("out"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    let install = || {
        let mut command = program();
        command.args(["install", "--vin", "A", "--certificate"]).arg(&certificate);
        command.arg("--key-file").arg(&key).arg("--out").arg(&out);
        command
    };
    run(&mut install()).assert_failed(2, "cannot read the vehicle's private key");
    std::fs::write(&key, rcgen::KeyPair::generate().unwrap().serialize_pem()).unwrap();
    run(&mut install()).assert_failed(2, "give the pair that was issued");
    assert!(!out.exists());
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let installed = run(&mut install());
    assert_eq!(installed.status, 0, "{installed:?}");
    let told: serde_json::Value = serde_json::from_str(&installed.stdout).unwrap();
    assert_eq!((told["thing_name"].as_str(), told["reported_active"].as_bool()), (Some("Vehicle_A"), Some(false)));
    let mode = std::fs::metadata(out.join("private.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn settings_come_from_the_environment_too() {
    let place = tempfile::tempdir().unwrap();
    let (listener, port) = listener();
    drop(listener);
    let outcome = run(program()
        .arg("provision")
        .env("VEHICLE_ENDPOINT", "localhost")
        .env("VEHICLE_PORT", port.to_string())
        .env("VEHICLE_CLAIM", claim(&place))
        .env("VEHICLE_TEMPLATE", "t")
        .env("VEHICLE_VIN", "A")
        .env("VEHICLE_IDENTITY", place.path().join("out")));
    outcome.assert_failed(3, "cannot reach localhost");
}
