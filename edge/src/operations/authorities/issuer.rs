use aws::Transport;
use aws::iot::{AuthorityDescription, describe_ca_certificate, list_ca_certificates};
use pki::Certificate;
use shared::AuthorityId;
use shared::api::ApiError;

use crate::{Deployment, failure};

/// A registered authority.
pub(crate) struct Issuer {
    pub(crate) id: AuthorityId,
    pub(crate) description: AuthorityDescription,
}

/// The registered authority that signed this certificate: an active one, if there is one, because an authority may be
/// registered again with a new certificate for the same key.
pub(crate) async fn issuer_of<T: Transport>(
    deployment: &Deployment<T>,
    certificate: &Certificate,
) -> Result<Option<Issuer>, ApiError> {
    let mut inactive = None;
    for id in list_ca_certificates(&deployment.aws).await.map_err(failure::of_read)? {
        let described = describe_ca_certificate(&deployment.aws, &id).await.map_err(failure::of_read)?;
        let Some(description) = described else { continue };
        let is_issuer =
            Certificate::parse(&description.pem).is_ok_and(|authority| certificate.is_issued_by(&authority).is_ok());
        match is_issuer {
            true if description.active => return Ok(Some(Issuer { id, description })),
            true => inactive = Some(Issuer { id, description }),
            false => {}
        }
    }
    Ok(inactive)
}
