//! What is tried again, how often, and after which pauses.

// All of it is test: a panic is the report.
#![allow(clippy::unwrap_used)]

mod double;

use std::time::Duration;

use aws::{AwsError, AwsErrorCause, Call, Service, TransportError};
use double::{Answer, Double, answer};

fn call() -> Call {
    Call {
        service: Service::DynamoDb,
        operation: "GetItem",
        method: http::Method::POST,
        path: "/".to_owned(),
        headers: vec![("x-amz-target", "DynamoDB_20120810.GetItem".to_owned())],
        body: b"{}".to_vec(),
    }
}

fn lost() -> Answer {
    Err(TransportError("connection reset".to_owned()))
}

/// The result of one call to which these answers come, how often it was sent, and the pauses between.
async fn called(answers: Vec<Answer>) -> (Result<Vec<u8>, AwsError>, usize, Vec<Duration>) {
    let double = Double::answering(|_| panic!("more tries than answers"));
    double.next.borrow_mut().extend(answers);
    let aws = double.client();
    let result = aws.call(call()).await.map(http::Response::into_body);
    let sent = aws.transport.requests.borrow().len();
    let pauses = aws.transport.pauses.borrow().clone();
    (result, sent, pauses)
}

fn throttled() -> Vec<Answer> {
    [
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "TooManyRequestsException",
    ]
    .iter()
    .map(|code| answer(400, &format!(r#"{{"__type":"com.amazon.coral.availability#{code}","message":"slow down"}}"#)))
    .collect()
}

#[tokio::test]
async fn an_answer_at_once_needs_no_second_try() {
    let (result, sent, pauses) = called(vec![answer(200, "{\"ok\":1}")]).await;
    assert_eq!(result.unwrap(), b"{\"ok\":1}");
    assert_eq!((sent, pauses.len()), (1, 0));
}

#[tokio::test]
async fn throttling_a_failure_and_a_lost_answer_are_each_overcome() {
    for first in throttled().into_iter().chain([answer(500, ""), answer(503, "<html>"), answer(429, "{}"), lost()]) {
        let what = format!("{first:?}");
        let (result, sent, pauses) = called(vec![first, answer(200, "{}")]).await;
        assert!(result.is_ok(), "{what}");
        assert_eq!((sent, pauses.len()), (2, 1), "{what}");
    }
}

#[tokio::test]
async fn a_call_that_never_succeeds_is_made_four_times_and_its_last_error_is_told() {
    let mut answers: Vec<Answer> = vec![answer(500, ""), lost(), answer(503, "")];
    answers.push(answer(400, r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#));
    let (result, sent, pauses) = called(answers).await;
    let error = result.unwrap_err();
    assert!(error.is_throttling(), "{error}");
    assert_eq!((sent, pauses.len()), (4, 3));
    let text = error.to_string();
    assert!(text.contains("Amazon DynamoDB GetItem") && text.contains("Rate exceeded"), "{text}");
}

#[tokio::test]
async fn a_call_without_any_answer_says_so_and_may_have_been_carried_out() {
    let (result, sent, _) = called((0..4).map(|_| lost()).collect()).await;
    assert_eq!(result.unwrap_err().cause, AwsErrorCause::Transport(TransportError("connection reset".to_owned())));
    assert_eq!(sent, 4);
}

#[tokio::test]
async fn the_pauses_grow_and_are_never_as_long_as_a_vehicle_would_notice() {
    let (_, _, pauses) = called((0..4).map(|_| answer(500, "")).collect()).await;
    assert!(pauses.windows(2).all(|pair| pair[1] > pair[0]), "{pauses:?}");
    assert!(pauses[0] >= Duration::from_millis(25), "{pauses:?}");
    // The pre-provisioning hook has five seconds for everything.
    assert!(pauses.iter().sum::<Duration>() <= Duration::from_secs(1), "{pauses:?}");
}

#[tokio::test]
async fn a_mistake_of_the_caller_is_not_repeated() {
    for (status, code) in [
        (400, "ValidationException"),
        (400, "ConditionalCheckFailedException"),
        (400, "ResourceNotFoundException"),
        (403, "AccessDeniedException"),
        (404, "ResourceNotFoundException"),
        (409, "DeleteConflictException"),
        (406, "CertificateStateException"),
    ] {
        let (result, sent, pauses) = called(vec![answer(status, &format!(r#"{{"__type":"{code}"}}"#))]).await;
        assert_eq!(result.unwrap_err().code(), Some(code));
        assert_eq!((sent, pauses.len()), (1, 0), "{code}");
    }
}

#[tokio::test]
async fn every_try_is_signed_anew() {
    let double = Double::answering(|_| answer(500, ""));
    let aws = double.client();
    aws.call(call()).await.unwrap_err();
    let requests = aws.transport.requests.borrow();
    assert_eq!(requests.len(), 4);
    for request in requests.iter() {
        assert_eq!(request.uri(), "https://dynamodb.eu-west-1.amazonaws.com/");
        assert!(request.headers().contains_key("authorization"));
        assert_eq!(request.body(), b"{}");
    }
}

#[tokio::test]
async fn calls_of_iam_are_signed_for_its_one_region() {
    let aws = Double::answering(|_| answer(200, "")).client();
    aws.call(Call { service: Service::Iam, ..call() }).await.unwrap();
    let requests = aws.transport.requests.borrow();
    let authorization = requests[0].headers()["authorization"].to_str().unwrap();
    assert!(authorization.contains("/us-east-1/iam/aws4_request"), "{authorization}");
}

#[tokio::test]
async fn the_code_of_an_error_is_found_wherever_the_service_puts_it() {
    let header = http::Response::builder()
        .status(404)
        .header("x-amzn-errortype", "ResourceNotFoundException:http://internal.amazon.com/coral/")
        .body(b"{\"message\":\"gone\"}".to_vec())
        .unwrap();
    let (result, ..) = called(vec![Ok(header)]).await;
    assert!(result.unwrap_err().is_not_found());
    let xml = "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>none</Message></Error></ErrorResponse>";
    let (result, ..) = called(vec![answer(404, xml)]).await;
    let error = result.unwrap_err();
    assert_eq!(error.code(), Some("NoSuchEntity"));
    assert!(error.to_string().contains("none"), "{error}");
    let (result, ..) = called(vec![answer(418, "I am a teapot")]).await;
    assert_eq!(result.unwrap_err().code(), Some("UnknownError"));
}

fn canceled(codes: &[&str]) -> Answer {
    let reasons: Vec<_> = codes.iter().map(|code| format!(r#"{{"Code":"{code}"}}"#)).collect();
    let body = format!(
        r#"{{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"canceled","CancellationReasons":[{}]}}"#,
        reasons.join(",")
    );
    answer(400, &body)
}

#[tokio::test]
async fn a_transaction_that_was_throttled_is_tried_again() {
    for code in ["ThrottlingError", "ProvisionedThroughputExceeded"] {
        let (result, sent, pauses) = called(vec![canceled(&["None", code]), answer(200, "{}")]).await;
        assert!(result.is_ok(), "{code}");
        assert_eq!((sent, pauses.len()), (2, 1), "{code}");
    }
}

#[tokio::test]
async fn only_a_condition_or_another_transaction_counts_as_changed_facts() {
    for (codes, expected) in [
        (&["None", "ConditionalCheckFailed"][..], "TransactionCanceledException"),
        (&["TransactionConflict"], "TransactionCanceledException"),
        (&["ThrottlingError", "ConditionalCheckFailed"], "TransactionCanceledException"),
        (&["None", "ValidationError"], "ValidationError"),
        (&["ItemCollectionSizeLimitExceeded"], "ItemCollectionSizeLimitExceeded"),
        (&["None"], "TransactionCanceledForNoReason"),
        (&[], "TransactionCanceledForNoReason"),
    ] {
        let (result, sent, _) = called(vec![canceled(codes)]).await;
        assert_eq!(result.unwrap_err().code(), Some(expected), "{codes:?}");
        assert_eq!(sent, 1, "{codes:?}");
    }
}
