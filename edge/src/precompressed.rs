//! The console's WebAssembly as it was compressed when it was built: smaller than anybody compresses it in passing.

use worker::{EncodeBody, Env, Request, Response, ResponseBuilder};

/// The binding of the console's files.
const FILES: &str = "ASSETS";

/// Whether a path is that of a file with a compressed twin.
pub(crate) fn has_compressed_twin(path: &str) -> bool {
    path.ends_with(".wasm") && !path.starts_with("/api/")
}

/// Answers with the compressed twin to whoever takes it, and with the file itself otherwise.
pub(crate) async fn answer(request: Request, env: &Env) -> worker::Result<Response> {
    let files = env.assets(FILES)?;
    if takes_brotli(&request)? {
        let mut url = request.url()?;
        url.set_path(&format!("{}.br", url.path()));
        let mut twin = files.fetch(url, None).await?;
        // What does not exist is answered with the console's page.
        let is_page = twin.headers().get("content-type")?.is_some_and(|kind| kind.starts_with("text/html"));
        if twin.status_code() == 200 && !is_page {
            return Ok(ResponseBuilder::new()
                .with_encode_body(EncodeBody::Manual)
                .with_header("content-type", "application/wasm")?
                .with_header("content-encoding", "br")?
                .with_header("vary", "accept-encoding")?
                // The file's name changes with its content.
                .with_header("cache-control", "public, max-age=31536000, immutable")?
                .fixed(twin.bytes().await?));
        }
    }
    files.fetch_request(request).await
}

fn takes_brotli(request: &Request) -> worker::Result<bool> {
    let accepted = request.headers().get("accept-encoding")?.unwrap_or_default();
    Ok(accepted.split(',').any(|coding| coding.split(';').next().unwrap_or_default().trim() == "br"))
}
