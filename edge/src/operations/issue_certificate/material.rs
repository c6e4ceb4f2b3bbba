//! What the operator handed in, checked before AWS hears of it.

use aws::Transport;
use pki::{Certificate, Csr};
use shared::api::{ApiError, CertificateSource};
use shared::{CertificateId, ThingName, Vin};

use crate::Deployment;

/// What a certificate is to be made of.
pub(super) enum Material {
    /// Nothing: AWS makes the keys.
    Nothing,
    /// A request that is whole and speaks for the vehicle.
    Request(Csr),
    /// A certificate that is valid now, good enough, and names no other vehicle.
    Certificate(Box<Certificate>),
}

impl Material {
    /// Reads and checks it. Whatever is wrong is said without a word of what the text says.
    pub(super) fn read<T: Transport>(
        source: CertificateSource,
        deployment: &Deployment<T>,
        vin: &Vin,
    ) -> Result<Self, ApiError> {
        match source {
            CertificateSource::KeysByAws => Ok(Material::Nothing),
            CertificateSource::Request { pem } => {
                let request = Csr::parse(&pem).map_err(unusable)?;
                request.speaks_for(vin).map_err(unusable)?;
                Ok(Material::Request(request))
            }
            CertificateSource::Certificate { pem } => {
                let certificate = first_of_chain(&pem)?;
                if certificate.is_authority() {
                    return Err(unusable(
                        "This is an authority's own certificate: give the one that it signed for the vehicle. An \
                         authority is registered on the page Authorities.",
                    ));
                }
                certificate.check_valid_at(deployment.now()).map_err(unusable)?;
                certificate.key().check().map_err(unusable)?;
                refuse_another_vehicles(&certificate, deployment, vin)?;
                Ok(Material::Certificate(Box::new(certificate)))
            }
        }
    }

    /// The certificate, where there is one already.
    pub(super) fn id(&self) -> Option<&CertificateId> {
        match self {
            Material::Certificate(certificate) => Some(certificate.id()),
            Material::Nothing | Material::Request(_) => None,
        }
    }
}

/// The vehicle's certificate. What follows it must be the chain above it, or somebody copied the wrong text.
fn first_of_chain(pem: &str) -> Result<Certificate, ApiError> {
    let mut chain = Certificate::parse_chain(pem).map_err(unusable)?;
    for pair in chain.windows(2) {
        if let [below, above] = pair {
            below.is_issued_by(above).map_err(unusable)?;
        }
    }
    if chain.is_empty() {
        return Err(unusable("There is no certificate here."));
    }
    Ok(chain.swap_remove(0))
}

/// Authorities name certificates as they like; one that has the VIN of another vehicle in its common name or in its subject's
/// serial number was meant for that, whichever of the two just-in-time registration is set to read.
fn refuse_another_vehicles<T: Transport>(
    certificate: &Certificate,
    deployment: &Deployment<T>,
    vin: &Vin,
) -> Result<(), ApiError> {
    let names = [certificate.common_names(), certificate.subject_serial_numbers()].concat();
    let other = names
        .iter()
        .filter_map(|name| ThingName::vin_in(name).or_else(|| Vin::parse(name, &deployment.vin_pattern).ok()))
        .find(|named| named != vin);
    match other {
        Some(other) => Err(unusable(format!(
            "The certificate is for the vehicle {other}, not for {vin}: choose the vehicle it was signed for, or have one \
             signed for this vehicle."
        ))),
        None => Ok(()),
    }
}

pub(super) fn unusable(problem: impl ToString) -> ApiError {
    ApiError::UnusablePem { problem: problem.to_string() }
}
