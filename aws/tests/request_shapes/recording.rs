//! What was sent, by whom.

use std::collections::BTreeSet;
use std::path::PathBuf;

use aws::Aws;
use serde_json::{Value, json};

use crate::double::{Answer, Double, answer};

#[derive(Default)]
pub struct Recording {
    made: Vec<Value>,
}

impl Recording {
    /// A client whose requests will be those of `by`.
    pub fn client() -> Aws<Double> {
        Double::answering(canned).client()
    }

    /// Keeps what the client sent.
    pub fn keep(&mut self, by: &str, aws: &Aws<Double>) {
        let requests = aws.transport.requests.borrow();
        assert!(!requests.is_empty(), "{by} sent nothing");
        for request in requests.iter() {
            let headers =
                request.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().into()));
            self.made.push(json!({
                "by": by,
                "method": request.method().as_str(),
                "host": request.uri().host(),
                "path": request.uri().path(),
                "query": request.uri().query(),
                "headers": headers.collect::<serde_json::Map<String, Value>>(),
                "body": String::from_utf8(request.body().clone()).unwrap(),
            }));
        }
    }

    /// Every public operation of the crate is in the recording: the sources tell which there are.
    pub fn assert_complete(&self) {
        let recorded: BTreeSet<&str> = self.made.iter().map(|request| request["by"].as_str().unwrap()).collect();
        let missing: Vec<String> =
            public_operations().into_iter().filter(|operation| !recorded.contains(operation.as_str())).collect();
        assert!(missing.is_empty(), "these operations are not recorded, add them to operations.rs: {missing:?}");
    }

    pub fn write(&self) {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("aws-requests.json");
        let document = json!({ "operations": public_operations(), "requests": self.made });
        std::fs::write(&path, serde_json::to_vec_pretty(&document).unwrap()).unwrap();
        println!("{} requests: {}", self.made.len(), path.display());
    }
}

/// `<module>::<function>` of every public asynchronous function in the folders of the services.
fn public_operations() -> BTreeSet<String> {
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(&source).unwrap() {
        let folder = entry.unwrap().path();
        let module = folder.file_name().unwrap().to_string_lossy().into_owned();
        // What perform sends is recorded by effect.
        if !folder.is_dir() || module == "perform" {
            continue;
        }
        for file in std::fs::read_dir(&folder).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            for line in text.lines().filter_map(|line| line.strip_prefix("pub async fn ")) {
                let name: String =
                    line.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
                found.insert(format!("{module}::{name}"));
            }
        }
    }
    assert!(found.len() > 20, "the sources are not where they were: {found:?}");
    found
}

/// Answers with which every operation is content.
fn canned(request: &http::Request<Vec<u8>>) -> Answer {
    let target = request.headers().get("x-amz-target").map(|value| value.to_str().unwrap().to_owned());
    let id = "ab".repeat(32);
    let arn = format!("arn:aws:iot:eu-west-1:123456789012:cert/{id}");
    let body = match (target.as_deref(), request.method().as_str(), request.uri().path()) {
        (Some("secretsmanager.GetSecretValue"), ..) => json!({ "SecretString": "{}" }),
        (Some("secretsmanager.DescribeSecret"), ..) => json!({ "ARN": arn, "Name": "a secret" }),
        (Some("DynamoDB_20120810.DescribeTable"), ..) => json!({ "Table": { "TableStatus": "ACTIVE" } }),
        (Some("TrentService.DescribeKey"), ..) => json!({ "KeyMetadata": { "KeyState": "Enabled" } }),
        (Some("AmazonSQS.GetQueueAttributes"), ..) => json!({ "Attributes": { "ApproximateNumberOfMessages": "0" } }),
        (Some("ServiceQuotasV20190624.ListServiceQuotas"), ..) => {
            match request.body().windows(9).any(|at| at == b"NextToken") {
                false => json!({ "Quotas": [], "NextToken": "next" }),
                true => json!({ "Quotas": [] }),
            }
        }
        (Some("DynamoDB_20120810.Query"), ..) => json!({ "Count": 0 }),
        (Some(_), ..) => json!({}),
        (None, "POST", "/keys-and-certificate") => json!({
            "certificateArn": arn, "certificateId": id, "certificatePem": "PEM",
            "keyPair": { "PublicKey": "PUBLIC", "PrivateKey": "PRIVATE" }
        }),
        (None, "GET", path) if path.starts_with("/certificates/") && path.ends_with("dead") => {
            json!({ "certificateDescription": { "certificateArn": arn, "certificateId": id, "status": "REVOKED" } })
        }
        (None, "GET", path) if path.starts_with("/certificates/") => {
            json!({ "certificateDescription": { "certificateArn": arn, "certificateId": id, "status": "ACTIVE" } })
        }
        (None, "POST", "/certificates") => json!({ "certificateId": id, "certificatePem": "PEM" }),
        (None, "GET", path) if path.starts_with("/provisioning-templates/") => json!({ "templateBody": "{}" }),
        (None, "GET", "/event-configurations") => json!({ "eventConfigurations": { "THING": { "Enabled": true } } }),
        (None, "GET", path) if path.starts_with("/rules/") => json!({ "rule": { "sql": "SELECT * FROM 'a'" } }),
        (None, "GET", path) if path.ends_with("/configuration") => json!({ "FunctionArn": arn }),
        (None, "GET", path) if path.ends_with("/policy") => json!({ "Policy": "{}" }),
        (None, "GET", path) if path.contains("/event-source-mappings/") => json!({ "State": "Enabled" }),
        (None, "GET", path) if path.starts_with("/things/") => json!({ "attributes": {} }),
        (None, "GET", "/registrationcode") => json!({ "registrationCode": id }),
        (None, "POST", "/cacertificate") => json!({ "certificateArn": arn, "certificateId": id }),
        (None, "GET", path) if path.starts_with("/cacertificate/") => {
            json!({ "certificateDescription": { "status": "ACTIVE", "autoRegistrationStatus": "ENABLE" } })
        }
        (None, "GET", "/cacertificates") => match request.uri().query() {
            None => json!({ "certificates": [{ "certificateId": id }], "nextMarker": "next/page==" }),
            Some(_) => json!({ "certificates": [] }),
        },
        (None, "GET", path) if path.starts_with("/certificates-by-ca/") => {
            match request.uri().query().is_some_and(|query| query.contains("marker")) {
                false => json!({ "certificates": [{ "certificateId": id }], "nextMarker": "next/page==" }),
                true => json!({ "certificates": [] }),
            }
        }
        // Two pages of each listing, so that the request for the second is recorded, too.
        (None, _, "/principals/things") => match request.uri().query() {
            None => json!({ "things": ["Vehicle_1HGCM82633A004352"], "nextToken": "next/page==" }),
            Some(_) => json!({ "things": [] }),
        },
        (None, "POST", path) if path.starts_with("/attached-policies/") => match request.uri().query() {
            None => json!({ "policies": [{ "policyName": "cms-vehicle-policy" }], "nextMarker": "next/page==" }),
            Some(_) => json!({ "policies": [] }),
        },
        (None, "POST", path) if path.starts_with("/policy-targets/") => match request.uri().query() {
            None => json!({ "targets": [arn], "nextMarker": "next/page==" }),
            Some(_) => json!({ "targets": [] }),
        },
        _ => json!({}),
    };
    answer(200, &body.to_string())
}
