//! Issuing certificates and keeping authorities, by the console API.

use anyhow::Result;
use shared::AuthorityId;
use shared::api::{
    ApiError, AuthoritiesPage, AuthorityAction, CertificateSource, Done, IssueCertificate, IssuedCertificate, Reason,
    RegisterAuthority, Route,
};

use crate::Api;

impl Api {
    /// Issues a certificate to a vehicle.
    pub async fn issue(&self, vin: &str, source: CertificateSource) -> Result<Result<IssuedCertificate, ApiError>> {
        let body = IssueCertificate { reason: "a story about issuing".to_owned(), source };
        self.call(&Route::IssueCertificate(vin.to_owned()), Some(&body)).await
    }

    /// The authorities.
    pub async fn authorities(&self) -> Result<AuthoritiesPage> {
        Ok(self.read(&Route::Authorities).await??)
    }

    /// Registers an authority.
    pub async fn register_authority(&self, request: &RegisterAuthority) -> Result<Result<Done, ApiError>> {
        self.call(&Route::RegisterAuthority, Some(request)).await
    }

    /// Acts on an authority.
    pub async fn act_on_authority(&self, id: &AuthorityId, action: AuthorityAction) -> Result<Result<Done, ApiError>> {
        let reason = Reason { reason: format!("a story about {}", action.as_str()) };
        self.call(&Route::Authority(id.clone(), action), Some(&reason)).await
    }
}
