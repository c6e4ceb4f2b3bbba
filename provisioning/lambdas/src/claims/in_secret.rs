//! A claim certificate as its secret holds it.

use aws::iot::KeysAndCertificate;
use provisioning_rules::ClaimInSecret;
use rcgen::{KeyPair, PublicKeyData};
use sha2::{Digest, Sha256};
use shared::{CertificateId, ClaimCertificateId};
use x509_parser::pem::parse_x509_pem;

use crate::Failure;

/// Reads the text of a secret's version. The error says what is wrong with it, and shows nothing of it.
pub(crate) fn read_claim(secret: &str, text: &str) -> Result<ClaimInSecret, Failure> {
    let unexpected = |what: &str| -> Failure {
        format!(
            "the secret {secret} does not hold a claim certificate in the expected shape (certificateArn, certificateId, \
             certificatePem, keyPair): {what}. Correct it or delete it; until then nothing is changed"
        )
        .into()
    };
    // The parser's own words could repeat a part of the secret.
    let claim: KeysAndCertificate =
        serde_json::from_str(text).map_err(|_| unexpected("it is not JSON with these members"))?;
    let id = CertificateId::try_from(claim.certificate_id)
        .map_err(|_| unexpected("its certificateId is no certificate id"))?;
    let (_, block) = parse_x509_pem(claim.certificate_pem.as_bytes())
        .map_err(|_| unexpected("its certificatePem is no certificate in PEM"))?;
    let certificate =
        block.parse_x509().map_err(|_| unexpected("its certificatePem is no certificate that can be read"))?;
    if id_of(&block.contents)? != id {
        return Err(unexpected("its certificateId is that of another certificate than its certificatePem"));
    }
    let own_key = KeyPair::from_pem(&claim.key_pair.private_key)
        .is_ok_and(|key| key.subject_public_key_info() == certificate.public_key().raw);
    Ok(ClaimInSecret {
        id: ClaimCertificateId(id),
        arn: claim.certificate_arn,
        certificate_pem: claim.certificate_pem,
        key_fits: own_key,
    })
}

/// The id that AWS IoT gives to a certificate: the SHA-256 of its DER encoding.
pub(super) fn id_of(der: &[u8]) -> Result<CertificateId, Failure> {
    let digits: String = Sha256::digest(der).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(CertificateId::try_from(digits)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_an_unexpected_shape_is_told_without_showing_it() {
        let id = "a".repeat(64);
        let with = |pem: &str| {
            format!(
                r#"{{"certificateArn":"arn","certificateId":"{id}","certificatePem":"{pem}","keyPair":{{"PublicKey":"p","PrivateKey":"hush"}}}}"#
            )
        };
        for text in ["", "hush", "{}", "null", r#"{"username":"hush"}"#, &with("hush"), &with(&"-".repeat(9_000))] {
            let problem = read_claim("cms/claim", text).unwrap_err().to_string();
            assert!(problem.contains("the secret cms/claim does not hold a claim certificate"), "{problem}");
            assert!(!problem.contains("hush"), "{problem}");
        }
    }
}
