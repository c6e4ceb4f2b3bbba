//! The vehicle against a stand-in for AWS that checks certificates and policies.

mod program;
mod stand_in;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use program::{Outcome, program, provision, run};
use serde_json::{Value, json};
use stand_in::StandIn;
use vehicle::{Claim, Endpoint, Identity, ProvisioningRequest, TemplateName, VehicleError};

fn provision_as(stand_in: &StandIn, vin: &str, out: &Path) -> Command {
    let mut command = provision(stand_in.mqtt_port, &stand_in.claim(), out);
    command.arg("--root-ca").arg(stand_in.root_ca()).args(["--vin", vin]);
    command
}

fn connect(stand_in: &StandIn, identity: &Path) -> Command {
    let mut command = program();
    command.args(["connect", "--endpoint", "localhost", "--port", &stand_in.mqtt_port.to_string()]);
    command.arg("--root-ca").arg(stand_in.root_ca()).arg("--identity").arg(identity);
    command
}

/// Runs the program and asserts the documented shape of success: one line of JSON, which it returns.
#[track_caller]
fn done(command: &mut Command) -> Value {
    let outcome = run(command);
    assert_eq!((outcome.status, outcome.stdout.lines().count()), (0, 1), "{outcome:?}");
    serde_json::from_str(&outcome.stdout).expect("standard output is JSON")
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("the folder can be read").file_name().to_string_lossy().into_owned())
        .filter(|name| name != ".lock")
        .collect();
    names.sort();
    names
}

fn identity_file(folder: &Path) -> Value {
    let text = fs::read_to_string(folder.join("identity.json")).expect("identity.json is there");
    serde_json::from_str(&text).expect("identity.json is JSON")
}

#[test]
#[ignore = "needs the local stack's tools: run make test"]
fn a_vehicle_provisions_itself_and_comes_back_with_what_it_kept() {
    let stand_in = StandIn::start();
    let folder = stand_in.place.path().join("vehicle");
    let result = done(&mut provision_as(&stand_in, "TESTVEHICLE000001", &folder));
    assert_eq!(result["thing_name"], "Vehicle_TESTVEHICLE000001");
    assert_eq!(result["reported_active"], true);
    assert_eq!(names_in(&folder), ["certificate.pem", "identity.json", "private.key"]);
    for (path, mode) in [(folder.clone(), 0o700), (folder.join("private.key"), 0o600)] {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode, "{}", path.display());
    }
    assert_eq!(
        identity_file(&folder),
        json!({
            "vin": "TESTVEHICLE000001",
            "certificate_id": result["certificate_id"],
            "thing_name": "Vehicle_TESTVEHICLE000001",
        })
    );
    let again = done(&mut connect(&stand_in, &folder));
    assert_eq!(again, result);
}

#[test]
#[ignore = "needs the local stack's tools: run make test"]
fn a_denied_attempt_keeps_no_key_and_leaves_the_old_identity_working() {
    let stand_in = StandIn::start();
    let folder = stand_in.place.path().join("vehicle");
    done(provision_as(&stand_in, "TESTVEHICLE000002", &folder).arg("--no-connect"));
    let before = identity_file(&folder);
    run(&mut provision_as(&stand_in, "DENIED00000000002", &folder)).assert_failed(5, "AccessDenied");
    assert_eq!(names_in(&folder), ["certificate.pem", "identity.json", "private.key"]);
    assert_eq!(identity_file(&folder), before);
    done(&mut connect(&stand_in, &folder));

    let fresh = stand_in.place.path().join("fresh");
    run(&mut provision_as(&stand_in, "DENIED00000000003", &fresh)).assert_failed(5, "AccessDenied");
    assert_eq!(names_in(&fresh), [""; 0]);
}

#[test]
#[ignore = "needs the local stack's tools: run make test"]
fn a_vehicle_whose_certificate_is_inactive_is_refused_until_it_is_active_again() {
    let stand_in = StandIn::start();
    let folder = stand_in.place.path().join("vehicle");
    done(provision_as(&stand_in, "TESTVEHICLE000004", &folder).arg("--no-connect"));
    let certificate_id = identity_file(&folder)["certificate_id"].as_str().unwrap().to_owned();
    stand_in.set_certificate_status(&certificate_id, "INACTIVE");
    run(&mut connect(&stand_in, &folder)).assert_failed(4, "refused the certificate");
    stand_in.set_certificate_status(&certificate_id, "ACTIVE");
    done(&mut connect(&stand_in, &folder));
}

#[test]
#[ignore = "needs the local stack's tools: run make test"]
fn a_server_with_an_unknown_root_is_not_trusted() {
    let stand_in = StandIn::start();
    let folder = stand_in.place.path().join("vehicle");
    let mut command = provision(stand_in.mqtt_port, &stand_in.claim(), &folder);
    run(command.args(["--vin", "TESTVEHICLE000005"])).assert_failed(4, "not trusted");
}

#[test]
#[ignore = "needs the local stack's tools: run make test"]
fn a_certificate_whose_registration_went_unanswered_is_taken_up_again() {
    let stand_in = StandIn::start();
    let folder = stand_in.place.path().join("vehicle");
    // The hook thinks for three seconds, the first attempt waits for one.
    let mut impatient = provision_as(&stand_in, "SLOW0000000000006", &folder);
    run(impatient.args(["--timeout-seconds", "1"])).assert_failed(6, "registering vehicle SLOW0000000000006");
    assert_eq!(names_in(&folder), [".new.key", ".unregistered.json"]);
    let path = folder.join(".unregistered.json");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let kept: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();

    done(&mut provision_as(&stand_in, "SLOW0000000000006", &folder));
    assert_eq!(names_in(&folder), ["certificate.pem", "identity.json", "private.key"]);
    assert_eq!(fs::read_to_string(folder.join("certificate.pem")).unwrap(), kept["certificate_pem"].as_str().unwrap());
}

#[test]
#[ignore = "needs the local stack's tools: run make test"]
fn a_vehicle_may_use_the_key_it_has_or_have_aws_make_one() {
    let stand_in = StandIn::start();
    let place = stand_in.place.path();
    let key_file = place.join("own.key");
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap().serialize_pem();
    fs::write(&key_file, &key).unwrap();
    let folder = place.join("own");
    done(provision_as(&stand_in, "TESTVEHICLE000008", &folder).arg("--key-file").arg(&key_file));
    assert_eq!(fs::read_to_string(folder.join("private.key")).unwrap(), key);
    assert_eq!(fs::metadata(folder.join("private.key")).unwrap().permissions().mode() & 0o777, 0o600);

    let folder = place.join("of-aws");
    done(provision_as(&stand_in, "TESTVEHICLE000009", &folder).args(["--keys", "aws"]));
    // The stand-in, as AWS, makes RSA keys; a vehicle makes none.
    assert!(fs::read_to_string(folder.join("private.key")).unwrap().contains("BEGIN RSA PRIVATE KEY"));

    let mut both = provision_as(&stand_in, "TESTVEHICLE000009", &folder);
    run(both.args(["--keys", "aws", "--key-file"]).arg(&key_file)).assert_failed(2, "leave --key-file out");
    fs::write(&key_file, "no key").unwrap();
    run(provision_as(&stand_in, "TESTVEHICLE000009", &folder).arg("--key-file").arg(&key_file))
        .assert_failed(2, "give a PEM file");
}

#[test]
#[ignore = "needs the local stack's tools: run make test"]
fn a_claim_of_cms_says_that_aws_must_make_the_key_and_then_does() {
    let stand_in = StandIn::start();
    let folder = stand_in.place.path().join("vehicle");
    let with_cms_claim = || {
        let mut command = provision(stand_in.mqtt_port, &stand_in.cms_claim(), &folder);
        command.arg("--root-ca").arg(stand_in.root_ca()).args(["--vin", "TESTVEHICLE000010"]);
        command
    };
    run(&mut with_cms_claim()).assert_failed(4, "--keys aws");
    done(with_cms_claim().args(["--keys", "aws"]));
    assert_eq!(names_in(&folder), ["certificate.pem", "identity.json", "private.key"]);
}

#[test]
#[ignore = "needs the local stack's tools: run make test"]
fn a_vehicle_waits_for_its_certificate_to_be_accepted() {
    let stand_in = StandIn::start();
    let folder = stand_in.place.path().join("vehicle");
    done(provision_as(&stand_in, "TESTVEHICLE000011", &folder).arg("--no-connect"));
    let certificate_id = identity_file(&folder)["certificate_id"].as_str().unwrap().to_owned();
    stand_in.set_certificate_status(&certificate_id, "INACTIVE");
    let mut waiting = connect(&stand_in, &folder)
        .args(["--wait", "60"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(waiting.stderr.take().unwrap()), &mut line).unwrap();
    assert!(line.contains("not yet: ") && line.contains("trying again in 0.5 s"), "{line}");
    stand_in.set_certificate_status(&certificate_id, "ACTIVE");
    let output = waiting.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap()["reported_active"], true);

    stand_in.set_certificate_status(&certificate_id, "INACTIVE");
    let outcome = run(connect(&stand_in, &folder).args(["--wait", "1"]));
    assert_eq!(outcome.status, 4, "{outcome:?}");
    let last = outcome.stderr.lines().last().unwrap();
    assert!(!last.contains("not yet") && last.contains("refused the certificate"), "{outcome:?}");
}

/// Starts a program that stays, and waits until it has reported itself active.
fn staying(command: &mut Command) -> Child {
    let mut child = command
        .arg("--stay")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let mut line = String::new();
    let mut stdout = std::io::BufReader::new(child.stdout.take().expect("its output is read"));
    std::io::BufRead::read_line(&mut stdout, &mut line).expect("it writes a line");
    assert_eq!(serde_json::from_str::<Value>(&line).expect("the line is JSON")["reported_active"], true);
    child
}

/// Waits for the end of a program that stayed, and asserts why it ended.
#[track_caller]
fn assert_put_out(stayed: Child, status: i32, sentence_holds: &str) {
    let output = stayed.wait_with_output().expect("it ends");
    let stderr = String::from_utf8(output.stderr).expect("it writes UTF-8");
    Outcome { status: output.status.code().unwrap_or(-1), stdout: String::new(), stderr }
        .assert_failed(status, sentence_holds);
}

#[test]
#[ignore = "needs the local stack's tools: run make test"]
fn a_vehicle_stays_until_it_is_told_to_go_or_put_out_and_says_why() {
    let stand_in = StandIn::start();
    let folder = stand_in.place.path().join("vehicle");
    let told = staying(&mut provision_as(&stand_in, "TESTVEHICLE000007", &folder));
    assert!(Command::new("kill").args(["-INT", &told.id().to_string()]).status().unwrap().success());
    assert_eq!(told.wait_with_output().unwrap().status.code(), Some(0));

    let replaced = staying(&mut connect(&stand_in, &folder));
    done(&mut connect(&stand_in, &folder));
    assert_put_out(replaced, 8, "another connection with the same client id took its place (SessionTakenOver)");

    let cut = staying(&mut connect(&stand_in, &folder));
    stand_in.cut_connection("Vehicle_TESTVEHICLE000007");
    assert_put_out(cut, 8, "somebody cut the connection on purpose (AdministrativeAction)");

    let dropped = staying(&mut connect(&stand_in, &folder));
    stand_in.set_certificate_status(identity_file(&folder)["certificate_id"].as_str().unwrap(), "INACTIVE");
    assert_put_out(dropped, 4, "refused the certificate while staying connected: NotAuthorized");
}

#[test]
#[ignore = "needs the local stack's tools: run make test"]
fn a_fleet_provisions_itself_at_once_through_the_library() {
    let stand_in = StandIn::start();
    let claim = Claim::from_secret(&fs::read_to_string(stand_in.claim()).unwrap()).unwrap();
    let endpoint = Endpoint {
        port: stand_in.mqtt_port,
        root_ca_pem: Some(fs::read_to_string(stand_in.root_ca()).unwrap()),
        step_timeout: Duration::from_secs(60),
        ..Endpoint::new("localhost")
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let identities: Vec<Result<Identity, VehicleError>> = runtime.block_on(async {
        let vehicles: Vec<_> = (0..8)
            .map(|number| {
                let (claim, endpoint) = (claim.clone(), endpoint.clone());
                tokio::spawn(async move {
                    let template = TemplateName::parse("vehicle-tests")?;
                    let wanted = ProvisioningRequest::new(template, &format!("FLEET00000000000{number}"))?;
                    let identity = vehicle::provision(&claim, &endpoint, &wanted).await?;
                    vehicle::report_active(&endpoint, &identity).await?;
                    Ok(identity)
                })
            })
            .collect();
        let mut identities = Vec::new();
        for vehicle in vehicles {
            identities.push(vehicle.await.unwrap());
        }
        identities
    });
    let mut things: Vec<String> = identities.into_iter().map(|identity| identity.unwrap().thing_name).collect();
    things.sort();
    things.dedup();
    assert_eq!(things.len(), 8);
}
