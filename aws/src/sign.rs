//! Signature Version 4.

use std::time::SystemTime;

use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode,
    sign,
};
use aws_sigv4::sign::v4;

use crate::{Credentials, Service};

/// Adds the headers `authorization`, `x-amz-date` and, where they belong, `x-amz-security-token` and
/// `x-amz-content-sha256`. The request's URI must be absolute and encoded as it will be sent.
///
/// Errors: the text of what makes the request unfit to be signed, such as a header that is not ASCII.
pub fn sign_request(
    request: &mut http::Request<Vec<u8>>,
    service: Service,
    region: &str,
    credentials: &Credentials,
    now: SystemTime,
) -> Result<(), String> {
    let identity = aws_credential_types::Credentials::from_keys(
        &credentials.access_key_id,
        &credentials.secret_access_key,
        credentials.session_token.clone(),
    )
    .into();
    let mut settings = SigningSettings::default();
    if service == Service::S3 {
        // S3 is the exception among the services: its paths are signed as they are sent, and it wants the body's hash.
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(service.signing_name())
        .time(now)
        .settings(settings)
        .build()
        .map_err(|error| error.to_string())?
        .into();
    let mut headers = Vec::with_capacity(request.headers().len());
    for (name, value) in request.headers() {
        headers.push((name.as_str(), value.to_str().map_err(|_| format!("the header {name} is not ASCII"))?));
    }
    let signable = SignableRequest::new(
        request.method().as_str(),
        request.uri().to_string(),
        headers.into_iter(),
        SignableBody::Bytes(request.body()),
    )
    .map_err(|error| error.to_string())?;
    let (instructions, _signature) = sign(signable, &parameters).map_err(|error| error.to_string())?.into_parts();
    instructions.apply_to_request_http1x(request);
    Ok(())
}
