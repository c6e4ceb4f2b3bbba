//! Provisioning by claim, in memory.

use crate::create_certificate::{UnregisteredCertificate, create_certificate};
use crate::register_thing::register_thing;
use crate::{Claim, ClientId, Endpoint, Identity, Keys, Session, TemplateName, VehicleError, VehicleKey};

/// What a vehicle asks to become.
#[derive(Debug, Clone)]
pub struct ProvisioningRequest {
    /// The provisioning template.
    pub template_name: TemplateName,
    /// The VIN as the vehicle knows it; whether it is well-formed is for the other side to decide.
    pub vin: String,
    /// The client id for the claim's connection; unique to this vehicle at this time.
    pub client_id: ClientId,
    /// Where the private key comes from.
    pub keys: Keys,
}

impl ProvisioningRequest {
    /// A request under a client id drawn for it, with a key that the vehicle makes.
    pub fn new(template_name: TemplateName, vin: &str) -> Result<Self, VehicleError> {
        check_vin(vin)?;
        Ok(Self { template_name, vin: vin.into(), client_id: ClientId::unique()?, keys: Keys::default() })
    }
}

/// What even a VIN of another country's spelling is not.
pub(crate) fn check_vin(vin: &str) -> Result<(), VehicleError> {
    if vin.is_empty() || vin.chars().any(char::is_control) {
        return Err(VehicleError::BadInput("a VIN is not empty and has no control characters".into()));
    }
    Ok(())
}

/// Gets a certificate by the claim and registers it; writes nothing to disk.
///
/// When it fails after the request to register was sent, the vehicle may be registered all the same and the key is
/// gone: a vehicle that must not lose it uses [`crate::provision_into`].
pub async fn provision(
    claim: &Claim,
    endpoint: &Endpoint,
    wanted: &ProvisioningRequest,
) -> Result<Identity, VehicleError> {
    obtain_certificate(claim, endpoint, wanted).await?.register().await
}

/// A certificate that is issued, and the open connection over which it can be registered.
pub struct Issued {
    session: Session,
    wanted: ProvisioningRequest,
    certificate: UnregisteredCertificate,
}

/// The first half of [`provision`]: connects with the claim and gets a certificate.
pub async fn obtain_certificate(
    claim: &Claim,
    endpoint: &Endpoint,
    wanted: &ProvisioningRequest,
) -> Result<Issued, VehicleError> {
    let own = wanted.keys.own(VehicleKey::generate)?;
    let mut session = Session::open(endpoint, claim.credentials(), &wanted.client_id).await?;
    let certificate = create_certificate(&mut session, own.as_ref(), &wanted.vin).await?;
    Ok(Issued { session, wanted: wanted.clone(), certificate })
}

impl Issued {
    /// AWS IoT's id of the certificate.
    pub fn certificate_id(&self) -> String {
        self.certificate.credentials.certificate_id()
    }

    /// The second half: has the certificate registered under the VIN, and disconnects whatever comes of it.
    pub async fn register(self) -> Result<Identity, VehicleError> {
        let Self { mut session, wanted, certificate } = self;
        let answer = register_thing(&mut session, &wanted, &certificate.ownership_token).await;
        session.close().await;
        Ok(Identity {
            thing_name: answer?,
            vin: wanted.vin,
            certificate_id: certificate.credentials.certificate_id(),
            credentials: certificate.credentials,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_vin_is_bad_input_and_an_odd_one_is_for_the_other_side() {
        let template = || TemplateName::parse("t").unwrap();
        assert!(ProvisioningRequest::new(template(), "").is_err());
        assert!(ProvisioningRequest::new(template(), "A\nB").is_err());
        assert_eq!(ProvisioningRequest::new(template(), "abc-1").unwrap().vin, "abc-1");
    }
}
