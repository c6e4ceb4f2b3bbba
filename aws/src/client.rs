//! One signed call to AWS, tried again where that can help.

use std::time::{Duration, UNIX_EPOCH};

use shared::Timestamp;

use crate::dynamodb::TRANSACTION_CANCELED;
use crate::error::{AwsError, AwsErrorCause};
use crate::{Credentials, Endpoints, Service, Transport, sign::sign_request};

/// Signs and sends. Everything that talks to AWS goes through [`Aws::call`].
pub struct Aws<T> {
    /// How requests leave, and what time it is.
    pub transport: T,
    /// The region in signatures and endpoints.
    pub region: String,
    credentials: Credentials,
    endpoints: Endpoints,
    tries: u32,
}

/// What is asked of AWS, before it is signed.
#[derive(Clone, Debug)]
pub struct Call {
    /// The service.
    pub service: Service,
    /// The operation, by AWS's name.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: http::Method,
    /// The encoded path with its query.
    pub path: String,
    /// Headers beside those of the signature.
    pub headers: Vec<(&'static str, String)>,
    /// The body; may be empty.
    pub body: Vec<u8>,
}

impl<T: Transport> Aws<T> {
    /// How often a call is made before its error stands, where trying again can help.
    const TRIES: u32 = 4;
    const FIRST_PAUSE: Duration = Duration::from_millis(50);

    /// Calls AWS in `region` with these credentials. `setting` is asked for the standard endpoint variables.
    pub fn new(transport: T, region: &str, credentials: Credentials, setting: impl Fn(&str) -> Option<String>) -> Self {
        Aws {
            transport,
            region: region.to_owned(),
            credentials,
            endpoints: Endpoints::from_settings(region, setting),
            tries: Self::TRIES,
        }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        let elapsed = self.transport.now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // A clock beyond the year 9999 is no clock.
        Timestamp::from_nanosecond(elapsed.as_nanos() as i128).unwrap_or(Timestamp::MAX)
    }

    /// The URL of a service, without a slash at its end.
    pub fn endpoint(&self, service: Service) -> String {
        self.endpoints.url(service)
    }

    /// Signs and sends a call. Throttling, failures of the service and lost answers are tried again after a growing pause;
    /// the error of the last try is the one returned.
    pub async fn call(&self, call: Call) -> Result<http::Response<Vec<u8>>, AwsError> {
        let mut pause = Self::FIRST_PAUSE;
        for tried in 1.. {
            match self.call_once(&call).await {
                Err(error) if error.is_passing() && tried < self.tries => {
                    self.transport.pause(self.jittered(pause)).await;
                    pause *= 3;
                }
                result => return result,
            }
        }
        unreachable!("the loop returns on its last try")
    }

    async fn call_once(&self, call: &Call) -> Result<http::Response<Vec<u8>>, AwsError> {
        let failed = |cause| AwsError { service: call.service, operation: call.operation, cause };
        let request = self.request(call).map_err(|problem| failed(AwsErrorCause::Request(problem)))?;
        let response = self.transport.send(request).await.map_err(|error| failed(error.into()))?;
        if response.status().is_success() { Ok(response) } else { Err(failed(answered_error(&response))) }
    }

    /// The signed request, ready to be sent.
    fn request(&self, call: &Call) -> Result<http::Request<Vec<u8>>, String> {
        let uri = format!("{}{}", self.endpoints.url(call.service), call.path);
        let mut request = http::Request::builder().method(call.method.clone()).uri(uri);
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        let mut request = request.body(call.body.clone()).map_err(|error| error.to_string())?;
        let region = call.service.signing_region(&self.region);
        sign_request(&mut request, call.service, region, &self.credentials, self.transport.now())?;
        Ok(request)
    }

    /// Between half of the pause and the whole of it, so that callers that failed together do not return together.
    fn jittered(&self, pause: Duration) -> Duration {
        let noise = self.transport.now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.subsec_nanos());
        pause / 2 + (pause / 2).mul_f64(f64::from(noise % 1_000) / 1_000.0)
    }
}

/// Reads the error of the JSON, REST and XML protocols alike: its code stands in a header, or in the body.
fn answered_error(response: &http::Response<Vec<u8>>) -> AwsErrorCause {
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    let text = String::from_utf8_lossy(response.body());
    let json: serde_json::Value = serde_json::from_slice(response.body()).unwrap_or_default();
    let json_text = |names: &[&str]| names.iter().find_map(|name| json[*name].as_str()).map(str::to_owned);
    let code = header("x-amzn-errortype")
        .map(str::to_owned)
        .or_else(|| json_text(&["__type", "code", "Code"]))
        .or_else(|| xml_text(&text, "Code"))
        .unwrap_or_else(|| "UnknownError".to_owned());
    // `com.amazonaws.dynamodb.v20120810#ResourceNotFoundException:http://...` has the code in its middle.
    let code = code.rsplit('#').next().unwrap_or_default().split(':').next().unwrap_or_default().to_owned();
    let code = if code == TRANSACTION_CANCELED { why_canceled(&json) } else { code };
    AwsErrorCause::Answer {
        status: response.status().as_u16(),
        code,
        message: json_text(&["message", "Message"]).or_else(|| xml_text(&text, "Message")).unwrap_or_default(),
        request_id: ["x-amzn-requestid", "x-amz-request-id", "x-amzn-request-id"]
            .into_iter()
            .find_map(header)
            .unwrap_or("-")
            .to_owned(),
    }
}

/// A canceled transaction says why for each of its writes. Where a condition did not hold, or another transaction was faster,
/// it keeps its code; where DynamoDB throttled it, or could not make sense of it, it gets that reason as its code.
fn why_canceled(error: &serde_json::Value) -> String {
    let reasons = error["CancellationReasons"].as_array().map(Vec::as_slice).unwrap_or_default();
    let codes = || reasons.iter().filter_map(|reason| reason["Code"].as_str()).filter(|code| *code != "None");
    let facts_changed = codes().any(|code| matches!(code, "ConditionalCheckFailed" | "TransactionConflict"));
    match codes().next() {
        Some(code) if !facts_changed => code.to_owned(),
        Some(_) => TRANSACTION_CANCELED.to_owned(),
        None => "TransactionCanceledForNoReason".to_owned(),
    }
}

fn xml_text(text: &str, element: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("<{element}>"))?;
    let (content, _) = rest.split_once(&format!("</{element}>"))?;
    Some(content.to_owned())
}
