//! The console API, called as the console calls it.

use anyhow::{Context, Result, bail};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::api::{ApiError, Route};

use crate::http_client;

/// The console at an address.
pub(crate) struct ConsoleClient {
    pub(crate) console: String,
}

impl ConsoleClient {
    /// Reads or acts; the error is the API's own sentence.
    pub(crate) async fn call<Answer: DeserializeOwned>(
        &self,
        route: &Route,
        body: Option<&impl Serialize>,
    ) -> Result<Answer> {
        match self.try_call(route, body).await? {
            Ok(answer) => Ok(answer),
            Err(error) => bail!("{} {}: {error}", route.method().as_str(), route.path()),
        }
    }

    /// The same, where an error of the API is an answer like any other.
    pub(crate) async fn try_call<Answer: DeserializeOwned>(
        &self,
        route: &Route,
        body: Option<&impl Serialize>,
    ) -> Result<Result<Answer, ApiError>> {
        let mut request = http::Request::builder()
            .method(route.method().as_str())
            .uri(format!("{}{}", self.console, route.path()))
            // The edge takes actions from its own console only, and knows it by this.
            .header("origin", &self.console);
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                serde_json::to_vec(body)?
            }
            None => Vec::new(),
        };
        let response = http_client::send(request.body(body)?).await?;
        let unreadable = || {
            let text = String::from_utf8_lossy(response.body()).into_owned();
            format!("{} answered {} with what is no answer: {text}", route.path(), response.status())
        };
        if response.status().is_success() {
            Ok(Ok(serde_json::from_slice(response.body()).with_context(unreadable)?))
        } else {
            Ok(Err(serde_json::from_slice(response.body()).with_context(unreadable)?))
        }
    }
}
