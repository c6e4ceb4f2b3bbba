use shared::CertificateId;

use super::{Ask, send};
use crate::{Aws, AwsError, Transport};

/// DeleteCertificate without force: AWS IoT refuses it for a certificate that is active or still attached to anything.
pub async fn delete_certificate<T: Transport>(aws: &Aws<T>, id: &CertificateId) -> Result<(), AwsError> {
    let ask = Ask {
        operation: "DeleteCertificate",
        method: http::Method::DELETE,
        path: format!("/certificates/{id}"),
        principal: None,
        body: None,
    };
    send(aws, ask).await.map(drop)
}
