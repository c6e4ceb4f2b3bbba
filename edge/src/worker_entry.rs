//! The Worker: its environment in, its answer out.

use futures::StreamExt;
use shared::api::ApiError;
use worker::{Context, Env, Request, Response, console_log, event};

use crate::transport::FetchTransport;
use crate::{Deployment, answer, precompressed, respond};

/// No request of the API is near this long, in bytes: the longest carry certificates with their chains.
const LONGEST_BODY: usize = 64 * 1024;

/// Answers one request: of the API, or for a file that is kept compressed. All others get the console's files without
/// coming here.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    if precompressed::has_compressed_twin(&request.path()) {
        return precompressed::answer(request, &env).await;
    }
    let setting = |name: &str| {
        let secret = env.secret(name).map(|value| value.to_string());
        secret.or_else(|_| env.var(name).map(|value| value.to_string())).ok()
    };
    let answered = match Deployment::read(FetchTransport, setting, |line| console_log!("{line}")) {
        Err(problem) => respond::error(&ApiError::Misconfigured { problem }),
        Ok(deployment) => match read(request).await {
            Ok(request) => answer(&deployment, request).await,
            Err(problem) => respond::error(&ApiError::InvalidRequest { problem }),
        },
    };
    let (parts, body) = answered.into_parts();
    let mut response = Response::from_bytes(body)?.with_status(parts.status.as_u16());
    for (name, value) in &parts.headers {
        response.headers_mut().set(name.as_str(), value.to_str().unwrap_or_default())?;
    }
    Ok(response)
}

/// Reads the whole request, or says why it cannot be read.
async fn read(mut request: Request) -> Result<http::Request<Vec<u8>>, String> {
    let mut read = http::Request::builder().method(request.method().as_ref()).uri(request.inner().url());
    for (name, value) in request.headers() {
        read = read.header(name, value);
    }
    let mut body = Vec::new();
    if request.inner().body().is_some() {
        let mut chunks = request.stream().map_err(|error| format!("{error}."))?;
        while let Some(chunk) = chunks.next().await {
            body.extend(chunk.map_err(|_| "it was cut off.")?);
            if body.len() > LONGEST_BODY {
                return Err(format!("it is longer than {LONGEST_BODY} bytes."));
            }
        }
    }
    read.body(body).map_err(|error| format!("{error}."))
}
