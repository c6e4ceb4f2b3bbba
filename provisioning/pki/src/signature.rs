//! Whether a signature was made with a key.

use der::asn1::ObjectIdentifier;
use der::{Any, Decode};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::pkcs1::{DecodeRsaPublicKey, RsaPssParams};
use rsa::sha2::{Digest, Sha256, Sha384, Sha512};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use crate::armor::encoded;
use crate::key::{Key, RSA_PSS};

/// Why a signature is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SignatureProblem {
    /// Made with a digest for which forgeries are known or to be feared.
    Weak { algorithm: String },
    /// Made in a way that AWS IoT does not take either.
    Unsupported { algorithm: String },
    /// Not made with this key over these bytes.
    Wrong,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Pkcs1(Hash),
    Pss { hash: Hash, salt: usize },
    Ecdsa(Hash),
}

pub(crate) fn verify(
    algorithm: &AlgorithmIdentifierOwned,
    key: &SubjectPublicKeyInfoOwned,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureProblem> {
    let scheme = scheme_of(algorithm)?;
    let point = key.subject_public_key.as_bytes().ok_or(SignatureProblem::Wrong)?;
    let verified = match (Key::of(key), scheme) {
        (Key::Rsa { .. }, Scheme::Pkcs1(_) | Scheme::Pss { .. }) => rsa_verifies(scheme, point, message, signature),
        (Key::P256, Scheme::Ecdsa(hash)) => {
            use p256::ecdsa::{Signature, VerifyingKey};
            ecdsa_verifies(VerifyingKey::from_sec1_bytes(point), Signature::from_der(signature), hash, message)
        }
        (Key::P384, Scheme::Ecdsa(hash)) => {
            use p384::ecdsa::{Signature, VerifyingKey};
            ecdsa_verifies(VerifyingKey::from_sec1_bytes(point), Signature::from_der(signature), hash, message)
        }
        (Key::P521, Scheme::Ecdsa(hash)) => {
            use p521::ecdsa::{Signature, VerifyingKey};
            ecdsa_verifies(VerifyingKey::from_sec1_bytes(point), Signature::from_der(signature), hash, message)
        }
        _ => false,
    };
    if verified { Ok(()) } else { Err(SignatureProblem::Wrong) }
}

fn ecdsa_verifies<K: PrehashVerifier<S>, S, E>(
    key: Result<K, E>,
    signature: Result<S, E>,
    hash: Hash,
    message: &[u8],
) -> bool {
    match (key, signature) {
        (Ok(key), Ok(signature)) => key.verify_prehash(&hash.of(message), &signature).is_ok(),
        _ => false,
    }
}

fn rsa_verifies(scheme: Scheme, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Ok(key) = rsa::PublicKey::from_pkcs1_der(key) else { return false };
    match scheme {
        Scheme::Pkcs1(hash) => {
            let padding = match hash {
                Hash::Sha256 => rsa::Pkcs1v15Sign::new::<Sha256>(),
                Hash::Sha384 => rsa::Pkcs1v15Sign::new::<Sha384>(),
                Hash::Sha512 => rsa::Pkcs1v15Sign::new::<Sha512>(),
            };
            key.verify(padding, &hash.of(message), signature).is_ok()
        }
        Scheme::Pss { hash, salt } => {
            let digest = hash.of(message);
            match hash {
                Hash::Sha256 => key.verify(rsa::Pss::<Sha256>::new_with_salt(salt), &digest, signature).is_ok(),
                Hash::Sha384 => key.verify(rsa::Pss::<Sha384>::new_with_salt(salt), &digest, signature).is_ok(),
                Hash::Sha512 => key.verify(rsa::Pss::<Sha512>::new_with_salt(salt), &digest, signature).is_ok(),
            }
        }
        Scheme::Ecdsa(_) => false,
    }
}

impl Hash {
    fn of(self, message: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha256 => Sha256::digest(message).to_vec(),
            Hash::Sha384 => Sha384::digest(message).to_vec(),
            Hash::Sha512 => Sha512::digest(message).to_vec(),
        }
    }
}

fn scheme_of(algorithm: &AlgorithmIdentifierOwned) -> Result<Scheme, SignatureProblem> {
    if algorithm.oid == RSA_PSS {
        return pss(algorithm.parameters.as_ref());
    }
    let number = algorithm.oid.to_string();
    let weak = |name: &str| Err(SignatureProblem::Weak { algorithm: name.to_owned() });
    match number.as_str() {
        "1.2.840.113549.1.1.11" => Ok(Scheme::Pkcs1(Hash::Sha256)),
        "1.2.840.113549.1.1.12" => Ok(Scheme::Pkcs1(Hash::Sha384)),
        "1.2.840.113549.1.1.13" => Ok(Scheme::Pkcs1(Hash::Sha512)),
        "1.2.840.10045.4.3.2" => Ok(Scheme::Ecdsa(Hash::Sha256)),
        "1.2.840.10045.4.3.3" => Ok(Scheme::Ecdsa(Hash::Sha384)),
        "1.2.840.10045.4.3.4" => Ok(Scheme::Ecdsa(Hash::Sha512)),
        "1.2.840.113549.1.1.2" => weak("MD2"),
        "1.2.840.113549.1.1.4" => weak("MD5"),
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" | "1.2.840.10045.4.1" | "1.2.840.10040.4.3" => weak("SHA-1"),
        "1.2.840.113549.1.1.14" | "1.2.840.10045.4.3.1" => weak("SHA-224"),
        "1.3.101.112" => Err(SignatureProblem::Unsupported { algorithm: "Ed25519".to_owned() }),
        "2.16.840.1.101.3.4.3.2" => Err(SignatureProblem::Unsupported { algorithm: "DSA".to_owned() }),
        _ => Err(SignatureProblem::Unsupported { algorithm: number }),
    }
}

/// RSASSA-PSS names its digest in its parameters; left out, they mean SHA-1.
fn pss(parameters: Option<&Any>) -> Result<Scheme, SignatureProblem> {
    let unsupported = || SignatureProblem::Unsupported { algorithm: "RSASSA-PSS with unusual parameters".to_owned() };
    let weak = || SignatureProblem::Weak { algorithm: "SHA-1".to_owned() };
    let bytes = parameters.map(encoded).ok_or_else(weak)?;
    let parameters = RsaPssParams::<Any>::from_der(&bytes).map_err(|_| unsupported())?;
    let hash = hash_named(&parameters.hash.oid)?;
    let mask = parameters.mask_gen.parameters.as_ref().map(|algorithm| hash_named(&algorithm.oid)).transpose()?;
    if mask == Some(hash) {
        Ok(Scheme::Pss { hash, salt: usize::from(parameters.salt_len) })
    } else {
        Err(unsupported())
    }
}

fn hash_named(identifier: &ObjectIdentifier) -> Result<Hash, SignatureProblem> {
    let number = identifier.to_string();
    match number.as_str() {
        "2.16.840.1.101.3.4.2.1" => Ok(Hash::Sha256),
        "2.16.840.1.101.3.4.2.2" => Ok(Hash::Sha384),
        "2.16.840.1.101.3.4.2.3" => Ok(Hash::Sha512),
        "1.3.14.3.2.26" => Err(SignatureProblem::Weak { algorithm: "SHA-1".to_owned() }),
        "2.16.840.1.101.3.4.2.4" => Err(SignatureProblem::Weak { algorithm: "SHA-224".to_owned() }),
        _ => Err(SignatureProblem::Unsupported { algorithm: number }),
    }
}
