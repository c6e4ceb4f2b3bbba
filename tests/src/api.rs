//! The console API, called as the console calls it.

use anyhow::{Context, Result, bail};
use aws::{NativeTransport, Transport};
use local::StackJson;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::CertificateId;
use shared::api::{
    ApiError, Authorize, CertificateAction, Done, OpenTicket, Reason, Route, VehicleDetails, VehiclesPage,
    VehiclesQuery,
};
use std::time::Duration;

/// The API at an address.
pub struct Api {
    console: String,
    transport: NativeTransport,
}

const NOTHING: Option<&()> = None;

impl Api {
    /// The API of this stack.
    pub fn of(stack: &StackJson) -> Self {
        Api { console: stack.console.clone(), transport: NativeTransport::new(Duration::from_secs(30)) }
    }

    /// Sends a request as it is.
    pub async fn raw(&self, request: http::request::Builder, body: &[u8]) -> Result<http::Response<Vec<u8>>> {
        Ok(self.transport.send(request.body(body.to_vec())?).await?)
    }

    /// The absolute address of a path.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.console)
    }

    /// Calls a route; an error of the API is an answer like any other.
    pub async fn call<A: DeserializeOwned>(
        &self,
        route: &Route,
        body: Option<&impl Serialize>,
    ) -> Result<Result<A, ApiError>> {
        let mut request = http::Request::builder().method(route.method().as_str()).uri(self.address(&route.path()));
        if body.is_some() {
            request = request.header("content-type", "application/json").header("origin", &self.console);
        }
        let body = body.map(serde_json::to_vec).transpose()?.unwrap_or_default();
        let response = self.raw(request, &body).await?;
        let (status, body) = (response.status(), response.body());
        let unreadable = || format!("{} answered {status}: {}", route.path(), String::from_utf8_lossy(body));
        if status.is_success() {
            return Ok(Ok(serde_json::from_slice(body).with_context(unreadable)?));
        }
        let error: ApiError = serde_json::from_slice(body).with_context(unreadable)?;
        if error.status() != status.as_u16() {
            bail!("{error} came with status {status}");
        }
        Ok(Err(error))
    }

    /// One vehicle.
    pub async fn vehicle(&self, vin: &str) -> Result<VehicleDetails> {
        Ok(self.call(&Route::Vehicle(vin.to_owned()), NOTHING).await??)
    }

    /// A page of vehicles.
    pub async fn vehicles(&self, query: VehiclesQuery) -> Result<VehiclesPage> {
        Ok(self.call(&Route::Vehicles(query), NOTHING).await??)
    }

    /// Reads a route without a body.
    pub async fn read<A: DeserializeOwned>(&self, route: &Route) -> Result<Result<A, ApiError>> {
        self.call(route, NOTHING).await
    }

    /// Authorizes a VIN.
    pub async fn authorize(&self, vin: &str) -> Result<Done> {
        let text = |text: &str| text.to_owned();
        let body =
            Authorize { vin: text(vin), make: text("Story"), model: text("One"), year: text("2026"), claim: None };
        Ok(self.call(&Route::Authorize, Some(&body)).await??)
    }

    /// Acts on a certificate.
    pub async fn act(
        &self,
        vin: &str,
        id: &CertificateId,
        action: CertificateAction,
    ) -> Result<Result<Done, ApiError>> {
        let reason = Reason { reason: format!("a story about {}", action.as_str()) };
        self.call(&Route::Certificate(vin.to_owned(), id.clone(), action), Some(&reason)).await
    }

    /// Opens a reprovision ticket.
    pub async fn open_ticket(&self, vin: &str, minutes: u32) -> Result<Result<Done, ApiError>> {
        let body = OpenTicket { reason: "a story about tickets".to_owned(), minutes };
        self.call(&Route::Reprovision(vin.to_owned()), Some(&body)).await
    }
}
