//! A certificate authority of somebody's own, and what it signs.

use anyhow::Result;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};

/// A CA with its key.
pub struct PrivateAuthority {
    params: CertificateParams,
    key: KeyPair,
    pem: String,
}

/// A certificate with its private key, both PEM.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The certificate.
    pub certificate: String,
    /// Its key.
    pub private_key: String,
}

impl PrivateAuthority {
    /// A CA of this name, valid for a long time.
    pub fn new(name: &str) -> Result<Self> {
        Self::ending(name, 2049)
    }

    /// A CA of this name whose certificate ended.
    pub fn expired(name: &str) -> Result<Self> {
        Self::ending(name, 2024)
    }

    fn ending(name: &str, year: i32) -> Result<Self> {
        let mut params = named(name, year)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate()?;
        let pem = params.self_signed(&key)?.pem();
        Ok(PrivateAuthority { params, key, pem })
    }

    /// The CA certificate, PEM.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The CA's private key, PEM.
    pub fn private_key(&self) -> String {
        self.key.serialize_pem()
    }

    /// A new key and a certificate for it with this common name.
    pub fn signs(&self, common_name: &str) -> Result<Signed> {
        self.signs_until(common_name, 2049)
    }

    /// The same, with a certificate that ends with this year's beginning.
    pub fn signs_until(&self, common_name: &str, year: i32) -> Result<Signed> {
        let key = KeyPair::generate()?;
        let issuer = Issuer::from_params(&self.params, &self.key);
        let certificate = named(common_name, year)?.signed_by(&key, &issuer)?.pem();
        Ok(Signed { certificate, private_key: key.serialize_pem() })
    }
}

/// A key and a signing request for it, with this common name.
pub fn signing_request(common_name: &str) -> Result<Signed> {
    let key = KeyPair::generate()?;
    let certificate = named(common_name, 2049)?.serialize_request(&key)?.pem()?;
    Ok(Signed { certificate, private_key: key.serialize_pem() })
}

fn named(common_name: &str, year: i32) -> Result<CertificateParams> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.not_before = date_time_ymd(2023, 1, 1);
    params.not_after = date_time_ymd(year, 1, 1);
    Ok(params)
}
