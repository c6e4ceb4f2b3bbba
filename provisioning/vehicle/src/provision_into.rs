//! Provisioning by claim with an identity folder, such that nothing is lost on the way.

use crate::create_certificate::{UnregisteredCertificate, create_certificate};
use crate::folder::Unregistered;
use crate::register_thing::register_thing;
use crate::{Claim, Endpoint, Identity, IdentityFolder, ProvisioningRequest, Session, VehicleError};

/// Gets a certificate by the claim, registers it and puts the identity into the folder.
///
/// The folder's present identity stays until the new one is registered. A denial removes the new key. After any other
/// failure the new certificate is kept for the next attempt, because it may be registered already.
pub async fn provision_into(
    folder: &IdentityFolder,
    claim: &Claim,
    endpoint: &Endpoint,
    wanted: &ProvisioningRequest,
) -> Result<Identity, VehicleError> {
    let left_over = folder.unregistered(endpoint, wanted)?;
    let mut session = Session::open(endpoint, claim.credentials(), &wanted.client_id).await?;
    if let Some(certificate) = left_over {
        match register_and_install(folder, &mut session, wanted, certificate).await {
            Err(error) if is_about_the_token(&error) => {}
            outcome => {
                session.close().await;
                return outcome;
            }
        }
    }
    let certificate = create_certificate(&mut session).await?;
    folder.keep_unregistered(&Unregistered::new(endpoint, wanted, &certificate))?;
    let outcome = register_and_install(folder, &mut session, wanted, certificate).await;
    session.close().await;
    outcome
}

async fn register_and_install(
    folder: &IdentityFolder,
    session: &mut Session,
    wanted: &ProvisioningRequest,
    certificate: UnregisteredCertificate,
) -> Result<Identity, VehicleError> {
    let thing_name = match register_thing(session, wanted, &certificate.ownership_token).await {
        Ok(thing_name) => thing_name,
        Err(error) => {
            if matches!(error, VehicleError::ProvisioningDenied { .. }) {
                folder.forget_unregistered()?;
            }
            return Err(error);
        }
    };
    let identity = Identity {
        vin: wanted.vin.clone(),
        certificate_id: certificate.credentials.certificate_id(),
        thing_name,
        credentials: certificate.credentials,
    };
    folder.install(&identity)?;
    Ok(identity)
}

/// A left-over certificate whose token has run out is no verdict on the vehicle.
fn is_about_the_token(error: &VehicleError) -> bool {
    matches!(error, VehicleError::ProvisioningDenied { code, .. } if code.contains("OwnershipToken"))
}
