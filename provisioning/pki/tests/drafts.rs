//! What is drafted for a key held elsewhere is a request like any other.

mod material;

use material::vin;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use pki::{Csr, CsrProblem, Key, draft_request, finish_p256};
use proptest::prelude::*;

/// What WebCrypto exports as "spki" for a key on P-256: a fixed beginning and the uncompressed point.
fn spki(key: &SigningKey) -> Vec<u8> {
    let beginning = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
        0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ];
    [&beginning[..], key.verifying_key().to_sec1_point(false).as_bytes()].concat()
}

fn raw_signature(key: &SigningKey, info: &[u8]) -> [u8; 64] {
    let signature: Signature = key.sign(info);
    signature.to_bytes().into()
}

proptest! {
    #[test]
    fn what_is_drafted_is_taken(secret in any::<[u8; 32]>(), name in "\\PC{0,300}") {
        let Ok(key) = SigningKey::from_slice(&secret) else { return Ok(()) };
        let info = draft_request(&name, &spki(&key));
        let pem = finish_p256(&info, &raw_signature(&key, &info));
        let request = Csr::parse(&pem).expect("a good request");
        prop_assert_eq!(request.pem(), pem);
        prop_assert_eq!(request.key(), &Key::P256);
        prop_assert_eq!(request.common_name(), Some(name.as_str()));
    }

    #[test]
    fn any_bytes_as_a_signature_end_in_a_request_that_is_refused_for_its_signature(signature in any::<[u8; 64]>()) {
        let key = SigningKey::from_slice(&[7; 32]).expect("a key");
        let info = draft_request("1HGCM82633A004352", &spki(&key));
        prop_assert_eq!(Csr::parse(&finish_p256(&info, &signature)), Err(CsrProblem::WrongSignature));
    }
}

#[test]
fn numbers_with_leading_zeros_are_written_in_their_shortest_form() {
    let key = SigningKey::from_slice(&[7; 32]).expect("a key");
    let info = draft_request("1HGCM82633A004352", &spki(&key));
    for signature in [[0; 64], [0xff; 64], {
        let mut small = [0; 64];
        small[31] = 0x80;
        small[63] = 1;
        small
    }] {
        assert_eq!(Csr::parse(&finish_p256(&info, &signature)), Err(CsrProblem::WrongSignature));
    }
    let mut short = 0;
    for secret in 1..=254_u8 {
        let key = SigningKey::from_slice(&[secret; 32]).expect("a key");
        let info = draft_request("1HGCM82633A004352", &spki(&key));
        let signature = raw_signature(&key, &info);
        short += u32::from(signature[0] == 0 || signature[32] == 0);
        let request = Csr::parse(&finish_p256(&info, &signature)).expect("a good request");
        assert_eq!(request.speaks_for(&vin("1HGCM82633A004352")), Ok(()));
    }
    assert!(short > 0, "no signature began with a zero");
}
