use shared::CertificateId;

use super::{Ask, send};
use crate::{Aws, AwsError, Transport};

/// The statuses that AWS IoT lets a caller ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestedStatus {
    /// Usable.
    Active,
    /// Unusable for now.
    Inactive,
    /// Unusable for good.
    Revoked,
}

impl RequestedStatus {
    fn as_str(self) -> &'static str {
        match self {
            RequestedStatus::Active => "ACTIVE",
            RequestedStatus::Inactive => "INACTIVE",
            RequestedStatus::Revoked => "REVOKED",
        }
    }
}

/// UpdateCertificate: changes the status of a certificate.
pub async fn update_certificate<T: Transport>(
    aws: &Aws<T>,
    id: &CertificateId,
    status: RequestedStatus,
) -> Result<(), AwsError> {
    let ask = Ask {
        operation: "UpdateCertificate",
        method: http::Method::PUT,
        path: format!("/certificates/{id}?newStatus={}", status.as_str()),
        principal: None,
        body: None,
    };
    send(aws, ask).await.map(drop)
}
