//! Whatever is handed in, the answer is a value or a sentence.

mod material;

use base64::Engine;
use material::vin;
use pki::{Certificate, Csr, SubjectField, check_authority, check_proof_of_possession, vehicle_named_by};
use proptest::prelude::*;
use shared::Timestamp;

fn der(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    base64::engine::general_purpose::STANDARD.decode(body).expect("base64")
}

/// Asks everything there is to ask.
fn ask_request(request: Result<Csr, pki::CsrProblem>) {
    match request {
        Ok(request) => {
            let _ = (request.pem(), request.key().to_string(), request.subject(), request.common_name());
            let _ = request.speaks_for(&vin("X")).map_err(|problem| problem.to_string());
        }
        Err(problem) => assert!(problem.to_string().ends_with('.')),
    }
}

fn ask_certificate(certificate: Result<Certificate, pki::CertificateProblem>) {
    let authority = Certificate::parse(fixture!("authority-rsa.crt")).expect("an authority");
    match certificate {
        Ok(certificate) => {
            let _ = (certificate.pem(), certificate.subject(), certificate.issuer(), certificate.serial_number());
            let _ = check_authority(&certificate, Timestamp::UNIX_EPOCH).map_err(|problem| problem.to_string());
            let _ = check_proof_of_possession(&certificate, &authority, "code").map_err(|problem| problem.to_string());
            for (one, other) in [(&certificate, &authority), (&authority, &certificate), (&certificate, &certificate)] {
                let _ = one.is_issued_by(other).map_err(|problem| problem.to_string());
            }
            for field in [SubjectField::CommonName, SubjectField::SerialNumber] {
                let _ = vehicle_named_by(&certificate, field);
            }
        }
        Err(problem) => assert!(problem.to_string().ends_with('.')),
    }
}

/// Bytes at some places replaced, and perhaps the end cut off.
fn mutated(mut bytes: Vec<u8>, changes: &[(prop::sample::Index, u8)], cut: Option<prop::sample::Index>) -> Vec<u8> {
    for (place, byte) in changes {
        let place = place.index(bytes.len());
        bytes[place] = *byte;
    }
    if let Some(cut) = cut {
        bytes.truncate(cut.index(bytes.len()));
    }
    bytes
}

fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, u8)>> {
    prop::collection::vec(any::<(prop::sample::Index, u8)>(), 1..4)
}

proptest! {
    #[test]
    fn arbitrary_text(text in "\\PC{0,200}", block in "[A-Za-z0-9+/=\\n ]{0,300}", label in "[A-Z ]{0,20}") {
        for text in [text, block.clone(), format!("-----BEGIN {label}-----{block}-----END {label}-----")] {
            ask_request(Csr::parse(&text));
            ask_certificate(Certificate::parse(&text));
        }
    }

    #[test]
    fn arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        ask_request(Csr::from_der(&bytes));
        ask_certificate(Certificate::from_der(&bytes));
    }

    #[test]
    fn mutated_requests(
        which in 0..6_usize,
        changes in changes(),
        cut in prop::option::weighted(0.1, any::<prop::sample::Index>()),
    ) {
        let request = [
            fixture!("P-256.csr"),
            fixture!("P-384.csr"),
            fixture!("P-521-sha512.csr"),
            fixture!("long-name.csr"),
            fixture!("rsa-2048.csr"),
            fixture!("rsa-2048-pss-sha256.csr"),
        ][which];
        ask_request(Csr::from_der(&mutated(der(request), &changes, cut)));
        let text = mutated(request.as_bytes().to_vec(), &changes, cut);
        ask_request(Csr::parse(&String::from_utf8_lossy(&text)));
    }

    #[test]
    fn mutated_certificates(
        which in 0..5_usize,
        changes in changes(),
        cut in prop::option::weighted(0.1, any::<prop::sample::Index>()),
    ) {
        let certificate = [
            fixture!("authority-rsa.crt"),
            fixture!("authority-p521.crt"),
            fixture!("vehicle-of-rsa.crt"),
            fixture!("vehicle-of-rsa-pss.crt"),
            fixture!("ed25519.crt"),
        ][which];
        ask_certificate(Certificate::from_der(&mutated(der(certificate), &changes, cut)));
    }
}
