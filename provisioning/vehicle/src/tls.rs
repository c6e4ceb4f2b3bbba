//! What TLS must present and whom it must trust.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::SingleCertAndKey;
use rustls::{ClientConfig, RootCertStore};

use crate::{Credentials, Endpoint, VehicleError};

/// The port on which AWS IoT Core tells MQTT from HTTPS by ALPN.
const SHARED_PORT: u16 = 443;
const MQTT_WITH_CERTIFICATE: &[u8] = b"x-amzn-mqtt-ca";

/// The TLS settings for one endpoint and one certificate.
pub(crate) fn tls_settings(endpoint: &Endpoint, credentials: &Credentials) -> Result<ClientConfig, VehicleError> {
    let unusable = |reason: String| VehicleError::BadInput(format!("the root CA cannot be used: {reason}"));
    let mut roots = RootCertStore::empty();
    match &endpoint.root_ca_pem {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(pem) => {
            for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
                let certificate = certificate.map_err(|_| unusable("it is not PEM".into()))?;
                roots.add(certificate).map_err(|error| unusable(error.to_string()))?;
            }
            if roots.is_empty() {
                return Err(unusable("it holds no PEM certificate".into()));
            }
        }
    }
    let mut settings = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| VehicleError::BadInput(format!("TLS cannot be set up: {error}")))?
        .with_root_certificates(roots)
        .with_client_cert_resolver(Arc::new(SingleCertAndKey::from(credentials.certified())));
    if endpoint.port == SHARED_PORT {
        settings.alpn_protocols = vec![MQTT_WITH_CERTIFICATE.to_vec()];
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Sample;

    #[test]
    fn only_the_shared_port_asks_for_mqtt_by_name() {
        let mut endpoint = Endpoint::new("localhost");
        assert!(tls_settings(&endpoint, &Sample::new().credentials()).unwrap().alpn_protocols.is_empty());
        endpoint.port = 443;
        let settings = tls_settings(&endpoint, &Sample::new().credentials()).unwrap();
        assert_eq!(settings.alpn_protocols, [b"x-amzn-mqtt-ca".to_vec()]);
    }

    #[test]
    fn a_root_ca_that_is_no_certificate_is_bad_input() {
        let endpoint = Endpoint { root_ca_pem: Some("hello".into()), ..Endpoint::new("localhost") };
        let error = tls_settings(&endpoint, &Sample::new().credentials()).unwrap_err();
        assert!(error.to_string().contains("holds no PEM certificate"), "{error}");
    }
}
