//! A certificate signing request for a key that this program never sees: written here, signed elsewhere.

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_IDENTIFIER: u8 = 0x06;
const UTF8_STRING: u8 = 0x0c;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
/// `[0]`, in which a request keeps its attributes.
const ATTRIBUTES: u8 = 0xa0;

/// 2.5.4.3
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// 1.2.840.10045.4.3.2
const ECDSA_WITH_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];

/// The part of a request that is signed (`CertificationRequestInfo`, DER): one common name, and the public key as
/// `SubjectPublicKeyInfo` in DER, which is what WebCrypto exports as "spki". Sign these bytes with the key's private half.
pub fn draft_request(common_name: &str, public_key_spki_der: &[u8]) -> Vec<u8> {
    let attribute = [element(OBJECT_IDENTIFIER, COMMON_NAME), element(UTF8_STRING, common_name.as_bytes())].concat();
    let subject = element(SEQUENCE, &element(SET, &element(SEQUENCE, &attribute)));
    let version = element(INTEGER, &[0]);
    element(SEQUENCE, &[version, subject, public_key_spki_der.to_vec(), element(ATTRIBUTES, &[])].concat())
}

/// The request in PEM, from [`draft_request`]'s bytes and their ECDSA signature over P-256 with SHA-256, as WebCrypto
/// gives it: r and s, 32 bytes each.
pub fn finish_p256(info: &[u8], raw_signature: &[u8; 64]) -> String {
    let (r, s) = raw_signature.split_at(32);
    let signature = element(SEQUENCE, &[unsigned(r), unsigned(s)].concat());
    let algorithm = element(SEQUENCE, &element(OBJECT_IDENTIFIER, ECDSA_WITH_SHA256));
    // A bit string begins with how many bits of its last byte are unused.
    let bits = element(BIT_STRING, &[vec![0], signature].concat());
    crate::pem::write("CERTIFICATE REQUEST", &element(SEQUENCE, &[info.to_vec(), algorithm, bits].concat()))
}

/// Tag, length in the shortest form, content.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut bytes = vec![tag];
    if length < 0x80 {
        bytes.push(length as u8);
    } else {
        let digits = length.to_be_bytes();
        let significant = &digits[length.leading_zeros() as usize / 8..];
        bytes.push(0x80 | significant.len() as u8);
        bytes.extend_from_slice(significant);
    }
    bytes.extend_from_slice(content);
    bytes
}

/// A number that is never negative: without leading zeros, but for the one that keeps the sign bit clear.
fn unsigned(big_endian: &[u8]) -> Vec<u8> {
    let first = big_endian.iter().position(|byte| *byte != 0).unwrap_or(big_endian.len() - 1);
    let digits = &big_endian[first..];
    let sign: &[u8] = if digits[0] & 0x80 == 0 { &[] } else { &[0] };
    element(INTEGER, &[sign, digits].concat())
}
