//! What is proven of a vehicle that was put out, and what is said where nothing can be proven.

// All of it is test: a panic is the report.
#![allow(clippy::unwrap_used)]

mod double;

use std::time::Duration;

use aws::tables::TableNames;
use aws::{Aws, PerformedStep, perform};
use double::{Answer, Double, answer};
use provisioning_rules::Effect;
use shared::{ThingName, Vin};

const CONNECTED: &str = r#"{"connected":true,"connectedSince":1767225600000,"clientId":"Vehicle_1HGCM82633A004352"}"#;
const CUT: &str =
    r#"{"connected":false,"disconnectedSince":1767225600123,"disconnectReason":"API_INITIATED_DISCONNECT"}"#;
const FORBIDDEN: &str = r#"{"__type":"ForbiddenException","message":"not allowed"}"#;
const UNKNOWN: &str = r#"{"__type":"ResourceNotFoundException","message":"no such connection"}"#;

fn disconnected() -> Effect {
    Effect::ProveDisconnected(ThingName::of(&Vin::try_from("1HGCM82633A004352".to_owned()).unwrap()))
}

fn refused() -> Effect {
    Effect::ProveRefused("ab".repeat(32).try_into().unwrap())
}

/// Carries one effect out over a double that gives these answers, and then the last of them for ever.
async fn perform_over(effect: Effect, answers: Vec<Answer>, for_ever: fn(&http::Request<Vec<u8>>) -> Answer) -> Told {
    let double = Double::answering(for_ever);
    double.next.borrow_mut().extend(answers);
    let aws = double.client();
    let tables = TableNames::from_settings(|name| Some(name.to_owned())).unwrap();
    let mut done = perform(&aws, &tables, vec![effect], |_| {}).await.unwrap();
    Told { step: done.steps.remove(0), aws }
}

struct Told {
    step: PerformedStep,
    aws: Aws<Double>,
}

impl Told {
    fn methods(&self) -> Vec<String> {
        self.aws.transport.requests.borrow().iter().map(|request| request.method().to_string()).collect()
    }

    fn waited(&self) -> Duration {
        self.aws.transport.pauses.borrow().iter().sum()
    }
}

#[tokio::test]
async fn a_vehicle_that_was_cut_off_is_proven_to_be_so_by_aws_iots_own_words() {
    let told = perform_over(disconnected(), vec![], |_| answer(200, CUT)).await;
    let proof = told.step.proof.unwrap();
    assert!(
        proof.starts_with("not connected since 2026-01-01T00:00:00.123Z (API_INITIATED_DISCONNECT), asked at 2026-"),
        "{proof}"
    );
    assert_eq!(told.step.warning, None);
}

#[tokio::test]
async fn a_vehicle_of_which_no_connection_is_known_is_not_connected() {
    let told = perform_over(disconnected(), vec![], |_| answer(404, UNKNOWN)).await;
    let proof = told.step.proof.unwrap();
    assert!(proof.starts_with("AWS IoT knows no connection of Vehicle_1HGCM82633A004352 in the last 30"), "{proof}");
}

#[tokio::test]
async fn a_vehicle_that_is_back_is_cut_off_once_more() {
    let connected = || answer(200, CONNECTED);
    let told =
        perform_over(disconnected(), vec![connected(), connected(), answer(200, "")], |_| answer(200, CUT)).await;
    assert!(told.step.proof.is_some(), "{:?}", told.step);
    assert_eq!(told.methods(), ["GET", "GET", "DELETE", "GET"]);
}

#[tokio::test]
async fn a_vehicle_that_stays_connected_is_looked_at_for_ten_seconds_and_then_said_to_be_connected() {
    let told = perform_over(disconnected(), vec![], |_| answer(200, CONNECTED)).await;
    let warning = told.step.warning.clone().unwrap();
    assert!(warning.contains("is connected since 2026-01-01T00:00:00Z"), "{warning}");
    assert!(warning.contains("AWS IoT ends the connection by itself within minutes"), "{warning}");
    assert_eq!(told.step.proof, None);
    assert_eq!(told.methods().iter().filter(|method| *method == "DELETE").count(), 1);
    assert!((8..=10).contains(&told.waited().as_secs()), "{:?}", told.waited());
}

#[tokio::test]
async fn where_aws_iot_may_not_be_asked_that_is_said_at_once() {
    let told = perform_over(disconnected(), vec![], |_| answer(403, FORBIDDEN)).await;
    let warning = told.step.warning.clone().unwrap();
    assert!(warning.contains("ForbiddenException") && warning.contains("within minutes"), "{warning}");
    assert_eq!(told.waited(), Duration::ZERO);
}

#[tokio::test]
async fn a_certificate_is_refused_when_aws_iot_reports_anything_but_active() {
    fn described(status: &str) -> Answer {
        answer(200, &format!(r#"{{"certificateDescription":{{"certificateArn":"arn","status":"{status}"}}}}"#))
    }
    for status in ["INACTIVE", "REVOKED", "PENDING_ACTIVATION"] {
        let told = perform_over(refused(), vec![described(status)], |_| answer(500, "")).await;
        let proof = told.step.proof.unwrap();
        assert!(proof.starts_with(&format!("AWS IoT refuses it: reported {status} at 2026-")), "{proof}");
    }
    let gone = perform_over(refused(), vec![], |_| answer(404, UNKNOWN)).await;
    assert!(gone.step.proof.unwrap().contains("it has no such certificate"));
    for (answers, says) in [
        (vec![described("ACTIVE")], "still reports the certificate as ACTIVE"),
        (vec![described("PENDING_TRANSFER")], "being transferred"),
        (vec![answer(403, FORBIDDEN)], "did not say whether it refuses"),
    ] {
        let told = perform_over(refused(), answers, |_| answer(500, "")).await;
        assert_eq!(told.step.proof, None);
        assert!(told.step.warning.unwrap().contains(says), "{says}");
    }
}
