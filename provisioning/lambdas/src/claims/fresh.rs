//! A new claim certificate and its key, made here, so that its id is known before anybody else hears of it.

use aws::iot::{KeyPair as PemKeys, KeysAndCertificate};
use provisioning_rules::SecretText;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use shared::{CertificateId, ClaimName};

use super::in_secret::id_of;
use crate::Failure;

/// Makes a P-256 key and a certificate that is valid until the end of 2049, as those of AWS IoT are, in the shape in which
/// plants read it. The authority that signs it exists for this one signature: nobody can ever sign another one with it, and
/// AWS IoT knows a claim by its fingerprint. `arn_of` gives a certificate's ARN.
pub(super) fn fresh_claim(name: &ClaimName, arn_of: impl Fn(&CertificateId) -> String) -> Result<SecretText, Failure> {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    authority.distinguished_name.push(DnType::CommonName, "Authority of one claim certificate");
    let issuer = Issuer::new(authority, KeyPair::generate()?);

    let key = KeyPair::generate()?;
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, format!("Claim certificate {name}"));
    parameters.not_before = date_time_ymd(2024, 1, 1);
    parameters.not_after = date_time_ymd(2049, 12, 31);
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    parameters.use_authority_key_identifier_extension = true;
    let certificate = parameters.signed_by(&key, &issuer)?;

    let id = id_of(certificate.der())?;
    let claim = KeysAndCertificate {
        certificate_arn: arn_of(&id),
        certificate_id: id.to_string(),
        certificate_pem: certificate.pem(),
        key_pair: PemKeys { public_key: key.public_key_pem(), private_key: key.serialize_pem() },
    };
    Ok(SecretText::new(serde_json::to_string(&claim)?))
}

#[cfg(test)]
mod tests {
    use super::super::in_secret::read_claim;
    use super::*;

    #[test]
    fn what_is_made_is_read_back_whole_and_is_never_the_same() {
        let make = || fresh_claim(&ClaimName::default_name(), |id| format!("arn of {id}")).unwrap();
        let (one, other) = (make(), make());
        let read = read_claim("a secret", one.reveal()).unwrap();
        assert!(read.key_fits);
        assert_eq!(read.arn, format!("arn of {}", read.id));
        assert_ne!(read.id, read_claim("a secret", other.reveal()).unwrap().id);
    }

    #[test]
    fn another_certificates_key_does_not_fit() {
        let make = || fresh_claim(&ClaimName::default_name(), |id| id.to_string()).unwrap();
        let mut one: serde_json::Value = serde_json::from_str(make().reveal()).unwrap();
        let other: serde_json::Value = serde_json::from_str(make().reveal()).unwrap();
        one["keyPair"] = other["keyPair"].clone();
        assert!(!read_claim("a secret", &one.to_string()).unwrap().key_fits);
    }
}
