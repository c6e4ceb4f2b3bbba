use shared::AuthorityId;

use super::{Ask, send};
use crate::{Aws, AwsError, Transport};

/// DeleteCACertificate: AWS IoT refuses it for an authority that is active.
pub async fn delete_ca_certificate<T: Transport>(aws: &Aws<T>, id: &AuthorityId) -> Result<(), AwsError> {
    let ask = Ask {
        operation: "DeleteCACertificate",
        method: http::Method::DELETE,
        path: format!("/cacertificate/{id}"),
        principal: None,
        body: None,
    };
    send(aws, ask).await.map(drop)
}
