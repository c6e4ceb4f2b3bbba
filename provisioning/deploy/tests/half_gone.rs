//! Stacks whose last operation stopped half-way, played by a double of AWS: what is told, and that a repeat finishes.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use aws::{Aws, Credentials, Transport, TransportError};
use deploy::{DeployError, Progress, Target, UpOptions};

/// AWS with one stack, which is in the first of these states; each deletion or rollback leads it to the next.
struct Double {
    states: Mutex<Vec<&'static str>>,
    asked: Mutex<Vec<String>>,
}

impl Double {
    fn new(states: &[&'static str]) -> Self {
        Double { states: Mutex::new(states.to_vec()), asked: Mutex::default() }
    }

    fn asked(&self, action: &str) -> usize {
        self.asked.lock().expect("nobody panicked").iter().filter(|asked| *asked == action).count()
    }

    fn answer(&self, request: &http::Request<Vec<u8>>) -> (u16, String) {
        let body = String::from_utf8_lossy(request.body()).into_owned();
        let action = body.split('&').find_map(|part| part.strip_prefix("Action=")).unwrap_or_default().to_owned();
        self.asked.lock().expect("nobody panicked").push(action.clone());
        let mut states = self.states.lock().expect("nobody panicked");
        let stack = "<StackId>arn:aws:cloudformation:eu-west-1:123456789012:stack/cms-provisioning/5f</StackId>";
        match action.as_str() {
            "GetCallerIdentity" => (200, "<R><Account>123456789012</Account></R>".to_owned()),
            "DescribeStacks" => match states.first() {
                Some(state) => {
                    let member = format!("<member>{stack}<StackStatus>{state}</StackStatus></member>");
                    (200, format!("<R><Stacks>{member}</Stacks></R>"))
                }
                None => {
                    let error =
                        "<Code>ValidationError</Code><Message>Stack with id cms-provisioning does not exist</Message>";
                    (400, format!("<R><Error>{error}</Error></R>"))
                }
            },
            "DescribeStackEvents" => {
                let failed = states.first().is_some_and(|state| state.ends_with("FAILED"));
                // One more for every deletion that failed.
                let id = states.len();
                let event = format!(
                    "<member><EventId>{id}</EventId><LogicalResourceId>ClaimCertificate</LogicalResourceId>\
                     <ResourceType>Custom::ClaimCertificate</ResourceType><ResourceStatus>DELETE_FAILED</ResourceStatus>\
                     <ResourceStatusReason>the claim is in use.</ResourceStatusReason></member>"
                );
                (200, format!("<R><StackEvents>{}</StackEvents></R>", if failed { event.as_str() } else { "" }))
            }
            "DeleteStack" | "ContinueUpdateRollback" => {
                states.remove(0);
                (200, "<R/>".to_owned())
            }
            "ListAccessKeys" => (200, "<R/>".to_owned()),
            _ if request.method() == http::Method::HEAD => (404, String::new()),
            _ if request.uri().path().starts_with("/policy-targets/") => {
                (404, r#"{"__type":"ResourceNotFoundException","message":"none"}"#.to_owned())
            }
            _ => (
                400,
                format!("<R><Error><Code>Unexpected</Code><Message>{action} {}</Message></Error></R>", request.uri()),
            ),
        }
    }
}

impl Transport for &Double {
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        let (status, body) = self.answer(&request);
        let mut response = http::Response::new(body.into_bytes());
        *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
        Ok(response)
    }

    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000)
    }

    async fn pause(&self, _: Duration) {}
}

fn aws(double: &Double) -> Aws<&Double> {
    let credentials = Credentials {
        access_key_id: "AKIAEXAMPLE".to_owned(),
        secret_access_key: "example".to_owned(),
        session_token: None,
    };
    Aws::new(double, "eu-west-1", credentials, |_| None)
}

fn target() -> Target {
    Target { app_unique_id: "cms".to_owned(), code_bucket: Some("code".to_owned()) }
}

#[tokio::test]
async fn a_deletion_that_failed_says_why_and_is_finished_by_repeating_it() {
    let double = Double::new(&["CREATE_COMPLETE", "DELETE_FAILED"]);
    let aws = aws(&double);
    let failed = deploy::down(&aws, &target(), &mut |_| {}).await.expect_err("it failed").to_string();
    assert_eq!(
        failed,
        "cms-provisioning: ClaimCertificate failed: the claim is in use. Mend that and run `deploy down` again: it goes on \
         where it stopped"
    );
    let remains = deploy::down(&aws, &target(), &mut |_| {}).await.expect("the second time it goes");
    assert_eq!(remains.absent, None);
    assert_eq!(double.asked("DeleteStack"), 2);
    let told = deploy::down(&aws, &target(), &mut |_| {}).await.expect("there is nothing to do").to_string();
    assert!(told.starts_with("Nothing to delete: there is no stack cms-provisioning in eu-west-1"), "{told}");
}

fn options(folder: &Path) -> UpOptions {
    UpOptions { target: target(), zips: folder.to_owned(), parameters: BTreeMap::new() }
}

#[tokio::test]
async fn without_the_functions_zips_nothing_is_asked_of_aws() {
    let double = Double::new(&[]);
    let folder = tempfile::tempdir().expect("a folder");
    let failed = deploy::up(&aws(&double), &options(folder.path()), &mut |_: Progress| {}).await.expect_err("no zips");
    assert!(matches!(&failed, DeployError::Zip { .. }) && failed.to_string().contains("run `deploy package` first"));
    assert_eq!(double.asked.lock().expect("nobody panicked").len(), 0);
}
