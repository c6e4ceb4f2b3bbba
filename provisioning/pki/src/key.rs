//! Public keys: what they are, and whether they are good enough.

use std::fmt;

use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};
use rsa::pkcs1::RsaPublicKeyRef;
use spki::SubjectPublicKeyInfoOwned;

pub(crate) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
pub(crate) const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const ELLIPTIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");

const SHORTEST_RSA: usize = 2048;
const LONGEST_RSA: usize = 4096;

/// What a public key is. Displays as people write it: `RSA 2048`, `P-256`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// An RSA key.
    Rsa {
        /// Length of its modulus.
        bits: usize,
    },
    /// A key on the curve P-256 (prime256v1, secp256r1).
    P256,
    /// A key on the curve P-384 (secp384r1).
    P384,
    /// A key on the curve P-521 (secp521r1).
    P521,
    /// Anything else, by its name, or by its object identifier in dotted notation.
    Other(String),
}

impl Key {
    pub(crate) fn of(info: &SubjectPublicKeyInfoOwned) -> Self {
        let algorithm = info.algorithm.oid;
        if algorithm == RSA || algorithm == RSA_PSS {
            let key = info.subject_public_key.as_bytes().and_then(|bytes| RsaPublicKeyRef::from_der(bytes).ok());
            return match key {
                Some(key) => Key::Rsa { bits: bits(key.modulus.as_bytes()) },
                None => Key::Other("unreadable RSA".to_owned()),
            };
        }
        if algorithm != ELLIPTIC {
            return Key::Other(other_name(&algorithm));
        }
        let parameters = info.algorithm.parameters.as_ref().and_then(|any| any.to_der().ok()).unwrap_or_default();
        match ObjectIdentifier::from_der(&parameters) {
            Ok(P256) => Key::P256,
            Ok(P384) => Key::P384,
            Ok(P521) => Key::P521,
            Ok(curve) => Key::Other(other_name(&curve)),
            Err(_) => Key::Other("unnamed curve".to_owned()),
        }
    }

    /// Whether AWS IoT and we take such a key: RSA of 2048 to 4096 bits, or one of the curves P-256, P-384 and P-521.
    pub fn check(&self) -> Result<(), KeyProblem> {
        match self {
            Key::Rsa { bits } if *bits < SHORTEST_RSA => Err(KeyProblem::TooShort { bits: *bits }),
            Key::Rsa { bits } if *bits > LONGEST_RSA => Err(KeyProblem::TooLong { bits: *bits }),
            Key::Rsa { .. } | Key::P256 | Key::P384 | Key::P521 => Ok(()),
            Key::Other(name) => Err(KeyProblem::Unsupported { name: name.clone() }),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Rsa { bits } => write!(formatter, "RSA {bits}"),
            Key::P256 => formatter.write_str("P-256"),
            Key::P384 => formatter.write_str("P-384"),
            Key::P521 => formatter.write_str("P-521"),
            Key::Other(name) => formatter.write_str(name),
        }
    }
}

/// Why a key is not good enough.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// RSA below 2048 bits.
    #[error(
        "The RSA key has {bits} bits, too few to be safe: make a key of 2048 to 4096 bits, or one on the curve P-256."
    )]
    TooShort {
        /// Length of its modulus.
        bits: usize,
    },
    /// RSA beyond 4096 bits.
    #[error(
        "The RSA key has {bits} bits, more than vehicles can use at a bearable speed: make a key of 2048 to 4096 bits, \
         or one on the curve P-256."
    )]
    TooLong {
        /// Length of its modulus.
        bits: usize,
    },
    /// Neither RSA nor one of the three curves.
    #[error("AWS IoT takes no key of the kind {name}: make an RSA key, or one on the curve P-256, P-384 or P-521.")]
    Unsupported {
        /// What the key is.
        name: String,
    },
}

/// How many bits a number has, of which the leading zero bits are none.
fn bits(big_endian: &[u8]) -> usize {
    let first = big_endian.iter().position(|byte| *byte != 0).unwrap_or(big_endian.len());
    let digits = &big_endian[first..];
    digits.len() * 8 - digits.first().map_or(0, |byte| byte.leading_zeros() as usize)
}

/// Kinds of key that people try, by name; the rest by number.
fn other_name(identifier: &ObjectIdentifier) -> String {
    let number = identifier.to_string();
    match number.as_str() {
        "1.3.101.112" => "Ed25519".to_owned(),
        "1.3.101.113" => "Ed448".to_owned(),
        "1.3.101.110" => "X25519".to_owned(),
        "1.2.840.10040.4.1" => "DSA".to_owned(),
        "1.3.132.0.10" => "secp256k1".to_owned(),
        "1.3.132.0.33" => "P-224".to_owned(),
        "1.3.36.3.3.2.8.1.1.7" => "brainpoolP256r1".to_owned(),
        _ => number,
    }
}
