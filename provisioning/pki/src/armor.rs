//! From text to DER: PEM blocks with whatever stands around them, or bare base64; and what kind of thing each is.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use der::{AnyRef, Decode, Encode, Reader, SliceReader, Tag, Tagged};
use x509_cert::request::CertReq;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// Programs differ in whether they fill up the last group.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a text has no blocks that can be looked at.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    PrivateKey,
    TooLarge,
    Empty,
    NotText,
    CutOff,
    NotBase64,
}

/// What a block is, by its content where that can be told, or else by its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Request,
    Certificate,
    PublicKey,
    PrivateKey,
    Other,
    /// Base64 without a label, of nothing that is recognised.
    Unlabelled,
}

pub(crate) struct Block {
    pub(crate) kind: Kind,
    pub(crate) der: Vec<u8>,
}

/// Every block of a text. A text that has a private key in it anywhere is refused, whatever else it has.
pub(crate) fn blocks(text: &str, longest: usize) -> Result<Vec<Block>, Unreadable> {
    if text.to_ascii_uppercase().contains("PRIVATE KEY-----") {
        return Err(Unreadable::PrivateKey);
    }
    if text.len() > longest {
        return Err(Unreadable::TooLarge);
    }
    let text = text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
    if text.is_empty() {
        return Err(Unreadable::Empty);
    }
    if text.chars().any(|character| character == '\u{fffd}' || character.is_control() && !character.is_whitespace()) {
        return Err(Unreadable::NotText);
    }
    let mut found = Vec::new();
    if text.contains(BEGIN) {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once(BEGIN) {
            let (label, after) = after.split_once(DASHES).ok_or(Unreadable::CutOff)?;
            let (body, after) = after.split_once(END).ok_or(Unreadable::CutOff)?;
            rest = after.strip_prefix(label).and_then(|after| after.strip_prefix(DASHES)).ok_or(Unreadable::CutOff)?;
            if body.contains(BEGIN) {
                return Err(Unreadable::CutOff);
            }
            found.push(block(kind_by_label(label), body)?);
        }
    } else if text.contains(END) {
        return Err(Unreadable::CutOff);
    } else {
        found.push(block(Kind::Unlabelled, text)?);
    }
    if found.iter().any(|block| block.kind == Kind::PrivateKey) {
        return Err(Unreadable::PrivateKey);
    }
    Ok(found)
}

fn block(label: Kind, body: &str) -> Result<Block, Unreadable> {
    // Whoever copies PEM out of a JSON document copies its line feeds as a backslash and a letter.
    let mut digits = body.replace("\\n", "").replace("\\r", "");
    digits.retain(|character| !character.is_whitespace());
    let der = BASE64.decode(digits).map_err(|_| Unreadable::NotBase64)?;
    Ok(Block { kind: kind_by_content(&der).unwrap_or(label), der })
}

fn kind_by_label(label: &str) -> Kind {
    match label {
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Kind::Request,
        "CERTIFICATE" | "TRUSTED CERTIFICATE" | "X509 CERTIFICATE" => Kind::Certificate,
        "PUBLIC KEY" | "RSA PUBLIC KEY" => Kind::PublicKey,
        _ => Kind::Other,
    }
}

/// Tells by what stands in the outermost sequence; `None` where that is nothing we know.
pub(crate) fn kind_by_content(der: &[u8]) -> Option<Kind> {
    let outermost = children(der)?;
    match outermost.as_slice() {
        [Tag::Integer, Tag::Integer] | [Tag::Sequence, Tag::BitString] => Some(Kind::PublicKey),
        // PKCS #8, PKCS #1, SEC 1 and PKCS #12 begin with a version; PKCS #8 under a password with how it is encrypted.
        [Tag::Integer, Tag::Sequence | Tag::Integer | Tag::OctetString, ..] | [Tag::Sequence, Tag::OctetString] => {
            Some(Kind::PrivateKey)
        }
        [Tag::Sequence, Tag::Sequence, Tag::BitString] if CertReq::from_der(der).is_ok() => Some(Kind::Request),
        [Tag::Sequence, Tag::Sequence, Tag::BitString] if x509_cert::Certificate::from_der(der).is_ok() => {
            Some(Kind::Certificate)
        }
        _ => None,
    }
}

/// The tags of what the outermost sequence holds.
fn children(der: &[u8]) -> Option<Vec<Tag>> {
    let outermost = AnyRef::from_der(der).ok().filter(|any| any.tag() == Tag::Sequence)?;
    let mut reader = SliceReader::new(outermost.value()).ok()?;
    let mut tags = Vec::new();
    while !reader.is_finished() {
        tags.push(AnyRef::decode(&mut reader).ok()?.tag());
    }
    Some(tags)
}

/// The first element of the outermost sequence, byte for byte as it was signed: what is written again after reading
/// may differ from it.
pub(crate) fn signed_bytes(der: &[u8]) -> Option<&[u8]> {
    let outermost = AnyRef::from_der(der).ok()?;
    SliceReader::new(outermost.value()).ok()?.tlv_bytes().ok()
}

/// DER of anything that was read from DER.
pub(crate) fn encoded(value: &impl Encode) -> Vec<u8> {
    value.to_der().unwrap_or_default()
}
