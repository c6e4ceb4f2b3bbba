//! Short ways to say who and when.

use shared::{CertificateId, ClaimCertificateId, DEFAULT_VIN_PATTERN, Timestamp, Vin, VinPattern};

use crate::{ActionBy, ProvisioningRequest};

pub fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn vin_pattern() -> VinPattern {
    VinPattern::parse(DEFAULT_VIN_PATTERN).unwrap()
}

pub fn vin() -> Vin {
    Vin::parse("1HGCM82633A004352", &vin_pattern()).unwrap()
}

/// The certificate with this number.
pub fn certificate(number: u64) -> CertificateId {
    format!("{number:064x}").try_into().unwrap()
}

pub fn claim() -> ClaimCertificateId {
    ClaimCertificateId("c1a1".repeat(16).try_into().unwrap())
}

pub fn operator(at: Timestamp) -> ActionBy {
    ActionBy { operator: "an-operator".to_owned(), reason: "stolen in the port".to_owned(), at }
}

/// What a device sends that presents `presented_vin` and wants `certificate_id`.
pub fn request(presented_vin: &str, certificate_id: &CertificateId, at: Timestamp) -> ProvisioningRequest {
    ProvisioningRequest {
        presented_vin: Some(presented_vin.to_owned()),
        certificate_id: Some(certificate_id.clone()),
        claim_certificate_id: Some(claim()),
        claim_state: None,
        authority_id: None,
        issued_by: None,
        reason: None,
        client_id: Some("plant-7-line-2".to_owned()),
        region: "eu-west-1".to_owned(),
        at,
        admitted_for: None,
    }
}
