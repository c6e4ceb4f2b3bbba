//! Provisioning by claim with an identity folder, such that nothing is lost on the way.

use crate::create_certificate::{UnregisteredCertificate, create_certificate};
use crate::folder::Unregistered;
use crate::register_thing::register_thing;
use crate::{Claim, Endpoint, Identity, IdentityFolder, ProvisioningRequest, Session, VehicleError};

/// Gets a certificate by the claim, registers it and puts the identity into the folder.
///
/// The folder's present identity stays until the new one is registered. A key that the vehicle makes is in the folder
/// before anything is asked with it, and every attempt asks with that one until it is let in or denied. A denial removes
/// the new key. After any other failure the new certificate is kept for the next attempt, because it may be registered
/// already.
pub async fn provision_into(
    folder: &IdentityFolder,
    claim: &Claim,
    endpoint: &Endpoint,
    wanted: &ProvisioningRequest,
) -> Result<Identity, VehicleError> {
    let left_over = folder.unregistered(endpoint, wanted)?;
    let mut session = Session::open(endpoint, claim.credentials(), &wanted.client_id).await?;
    let outcome = obtain_and_register(folder, &mut session, endpoint, wanted, left_over).await;
    session.close().await;
    if matches!(outcome, Err(VehicleError::ProvisioningDenied { .. })) {
        folder.forget_unregistered()?;
    }
    outcome
}

async fn obtain_and_register(
    folder: &IdentityFolder,
    session: &mut Session,
    endpoint: &Endpoint,
    wanted: &ProvisioningRequest,
    left_over: Option<UnregisteredCertificate>,
) -> Result<Identity, VehicleError> {
    if let Some(certificate) = left_over {
        match register_and_install(folder, session, wanted, certificate).await {
            Err(error) if is_about_the_token(&error) => {}
            outcome => return outcome,
        }
    }
    let own = wanted.keys.own(|| folder.kept_or_new_key())?;
    let certificate = create_certificate(session, own.as_ref(), &wanted.vin).await?;
    folder.keep_unregistered(&Unregistered::new(endpoint, wanted, &certificate))?;
    register_and_install(folder, session, wanted, certificate).await
}

async fn register_and_install(
    folder: &IdentityFolder,
    session: &mut Session,
    wanted: &ProvisioningRequest,
    certificate: UnregisteredCertificate,
) -> Result<Identity, VehicleError> {
    let thing_name = register_thing(session, wanted, &certificate.ownership_token).await?;
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
