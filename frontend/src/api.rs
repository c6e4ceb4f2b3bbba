//! The only file that knows HTTP.

use gloo_net::http::RequestBuilder;
use serde::{Serialize, de::DeserializeOwned};
use shared::api::{ApiError, Method, Route};
use web_sys::AbortSignal;

/// An answer that takes longer than this will not come.
const READ_MILLISECONDS: u32 = 20_000;

/// An action waits for AWS, several calls and their retries.
const ACT_MILLISECONDS: u32 = 90_000;

/// Sends the request of this route and reads its answer.
///
/// Whatever goes wrong on the way is told as an [`ApiError`]: the edge's own, or [`ApiError::Offline`] where the edge
/// was not reached.
pub async fn call<Body: Serialize, Answer: DeserializeOwned>(
    route: &Route,
    body: Option<&Body>,
) -> Result<Answer, ApiError> {
    let body = body.map(serde_json::to_string).transpose().map_err(|error| not_understood(&error))?;
    let answer = exchange(route, body).await?;
    serde_json::from_str(&answer).map_err(|error| not_understood(&error))
}

/// Asks for what a route shows.
pub async fn ask<Answer: DeserializeOwned>(route: Route) -> Result<Answer, ApiError> {
    call(&route, None::<&()>).await
}

/// Everything that does not depend on the types, so that it is compiled once.
async fn exchange(route: &Route, body: Option<String>) -> Result<String, ApiError> {
    let (method, milliseconds) = match route.method() {
        Method::Get => (gloo_net::http::Method::GET, READ_MILLISECONDS),
        Method::Post => (gloo_net::http::Method::POST, ACT_MILLISECONDS),
    };
    let request = RequestBuilder::new(&route.path())
        .method(method)
        .header("accept", "application/json")
        .abort_signal(Some(&AbortSignal::timeout_with_u32(milliseconds)));
    let request = match body {
        Some(body) => request.header("content-type", "application/json").body(body),
        None => request.build(),
    };
    let response = request.map_err(|_| ApiError::Offline)?.send().await.map_err(|_| ApiError::Offline)?;
    let text = response.text().await.map_err(|_| ApiError::Offline)?;
    if response.ok() { Ok(text) } else { Err(failure(response.status(), &text)) }
}

/// The edge always says why; what stands between it and the console may not.
fn failure(status: u16, text: &str) -> ApiError {
    serde_json::from_str(text).unwrap_or_else(|_| match status {
        401 => ApiError::NotSignedIn,
        404 => ApiError::NoSuchRoute,
        500.. => ApiError::Offline,
        _ => ApiError::Unavailable {
            service: "The console's server".to_owned(),
            problem: format!("it answered with the status {status} and no explanation."),
            progress: String::new(),
        },
    })
}

fn not_understood(error: &serde_json::Error) -> ApiError {
    ApiError::Unavailable {
        service: "The console's server".to_owned(),
        problem: format!("its answer cannot be read ({error}): reload the page to get the newest console."),
        progress: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_edges_own_error_is_kept() {
        assert_eq!(failure(404, r#"{"error":"no-such-route"}"#), ApiError::NoSuchRoute);
        let throttled =
            ApiError::Throttled { service: "AWS IoT".to_owned(), progress: "Nothing was done yet.".to_owned() };
        assert_eq!(failure(503, &serde_json::to_string(&throttled).unwrap()), throttled);
    }

    #[wasm_bindgen_test]
    fn a_proxys_error_page_means_that_the_edge_was_not_reached() {
        assert_eq!(failure(502, "<html>Bad gateway</html>"), ApiError::Offline);
    }

    #[wasm_bindgen_test]
    async fn an_answer_that_is_no_json_says_to_reload_the_page() {
        // The test page's own server answers every address with a page.
        let answer: Result<shared::api::Session, _> = ask(Route::Session).await;
        let error = answer.unwrap_err();
        assert!(matches!(error, ApiError::NoSuchRoute | ApiError::Unavailable { .. }), "{error}");
    }
}
