use shared::AuthorityId;

use super::{Ask, send};
use crate::{Aws, AwsError, Transport};

/// What is to change of an authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorityChange {
    /// Whether it takes certificates.
    Active(bool),
    /// Whether vehicles may register themselves when they first connect.
    JustInTime(bool),
}

/// UpdateCACertificate.
pub async fn update_ca_certificate<T: Transport>(
    aws: &Aws<T>,
    id: &AuthorityId,
    change: AuthorityChange,
) -> Result<(), AwsError> {
    let query = match change {
        AuthorityChange::Active(true) => "newStatus=ACTIVE",
        AuthorityChange::Active(false) => "newStatus=INACTIVE",
        AuthorityChange::JustInTime(true) => "newAutoRegistrationStatus=ENABLE",
        AuthorityChange::JustInTime(false) => "newAutoRegistrationStatus=DISABLE",
    };
    let ask = Ask {
        operation: "UpdateCACertificate",
        method: http::Method::PUT,
        path: format!("/cacertificate/{id}?{query}"),
        principal: None,
        body: None,
    };
    send(aws, ask).await.map(drop)
}
