//! What a policy lets a vehicle do, and how two policies differ.

use provisioning_template::PolicyDocument;
use serde_json::{Value, json};

fn document(statements: Value) -> PolicyDocument {
    PolicyDocument::parse(&json!({ "Version": "2012-10-17", "Statement": statements }).to_string()).expect("a policy")
}

fn allowing(action: &str, resource: &str) -> Vec<String> {
    let resource = format!("arn:aws:iot:eu-central-1:123456789012:{resource}");
    let policy = document(json!([{ "Sid": "It", "Effect": "Allow", "Action": action, "Resource": resource }]));
    policy.reaches().iter().map(ToString::to_string).collect()
}

#[test]
fn a_vehicles_own_names_reach_nobody_else() {
    for (action, resource) in [
        ("iot:Connect", "client/${iot:Connection.Thing.ThingName}"),
        ("iot:Publish", "topic/vehicleactive/"),
        ("iot:Publish", "topic/vehicle/${iot:Connection.Thing.ThingName}/*"),
        ("iot:Subscribe", "topicfilter/vehicle/${iot:Connection.Thing.ThingName}/#"),
        ("iot:Receive", "topic/fleet/news"),
        ("iot:GetThingShadow", "thing/${iot:Connection.Thing.ThingName}"),
    ] {
        assert_eq!(allowing(action, resource), [""; 0], "{action} {resource}");
    }
}

#[test]
fn what_another_vehicles_name_fits_is_named_with_its_statement() {
    for (action, resource) in [
        ("iot:Connect", "client/*"),
        ("iot:Connect", "client/Vehicle_1HGCM82633A004352"),
        ("iot:Publish", "topic/vehicle/*"),
        ("iot:Publish", "topic/vehicle/*/${iot:Connection.Thing.ThingName}"),
        // Vehicle_A* fits Vehicle_AB.
        ("iot:Publish", "topic/vehicle/${iot:Connection.Thing.ThingName}*"),
        ("iot:Subscribe", "topicfilter/vehicle/+/news"),
        ("iot:Subscribe", "topicfilter/#"),
        ("iot:Receive", "topic/vehicle/Vehicle_1HGCM82633A004352/orders"),
        ("iot:*", "*"),
    ] {
        let found = allowing(action, resource);
        assert_eq!(found.len(), 1, "{action} {resource}");
        assert!(found[0].starts_with(&format!("The statement It allows {action} on arn:")), "{found:?}");
    }
    let everything = document(json!([
        { "Effect": "Deny", "Action": "iot:Publish", "Resource": "*" },
        { "Effect": "Allow", "Action": "iot:Publish", "NotResource": "arn:aws:iot:r:1:topic/x" },
    ]));
    let reaches = everything.reaches();
    assert_eq!(reaches.len(), 1);
    assert!(reaches[0].to_string().starts_with("Statement 2 allows everything but what it names"));
}

#[test]
fn how_a_statement_is_written_makes_no_difference() {
    let one = document(json!([
        { "Effect": "Allow", "Action": "iot:Connect", "Resource": "a" },
        { "Effect": "Allow", "Action": ["iot:Publish", "iot:Receive"], "Resource": ["b", "c"] },
    ]));
    let other = document(json!([
        { "Resource": ["c", "b"], "Action": ["iot:Receive", "iot:Publish"], "Effect": "Allow" },
        { "Effect": "Allow", "Action": ["iot:Connect"], "Resource": ["a"] },
    ]));
    let difference = one.difference(&other);
    assert!(difference.is_empty() && difference.unchanged == 2, "{difference:?}");
}

#[test]
fn statements_that_go_and_come_are_shown_as_they_are_written() {
    let one = document(json!([{ "Effect": "Allow", "Action": "iot:Connect", "Resource": "a" }]));
    let other = document(json!([
        { "Effect": "Allow", "Action": "iot:Connect", "Resource": "a" },
        { "Effect": "Allow", "Action": "iot:Publish", "Resource": ["b"] },
    ]));
    let difference = one.difference(&other);
    assert_eq!(difference.added, [r#"{"Action":"iot:Publish","Effect":"Allow","Resource":["b"]}"#]);
    assert_eq!((difference.removed.len(), difference.unchanged), (0, 1));
    assert_eq!(other.difference(&one).removed, difference.added);
}
