//! Distinguished names as text that is safe to show.

use der::{Tag, Tagged};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::{Name, RelativeDistinguishedName};

pub(crate) const COMMON_NAME: &str = "2.5.4.3";
pub(crate) const SERIAL_NUMBER: &str = "2.5.4.5";

/// Characters of one value that are shown; names are written by whoever asks.
const SHOWN: usize = 200;

/// The values of one attribute in the order of the name, as they are; values that are no text are left out.
pub(crate) fn values(name: &Name, attribute: &str) -> Vec<String> {
    name.iter().filter(|pair| pair.oid.to_string() == attribute).filter_map(text).collect()
}

/// The whole name, the most particular part first: `CN=…, O=…, C=…`.
pub(crate) fn shown(name: &Name) -> String {
    let mut parts: Vec<String> = Vec::new();
    for set in name.iter_rdn() {
        let pairs: Vec<String> = set.iter().map(shown_pair).collect();
        parts.push(pairs.join("+"));
    }
    parts.reverse();
    parts.join(", ")
}

fn shown_pair(pair: &AttributeTypeAndValue) -> String {
    let number = pair.oid.to_string();
    let word = match number.as_str() {
        COMMON_NAME => "CN",
        SERIAL_NUMBER => "SERIALNUMBER",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.46" => "DNQ",
        "0.9.2342.19200300.100.1.1" => "UID",
        "0.9.2342.19200300.100.1.25" => "DC",
        "1.2.840.113549.1.9.1" => "E",
        other => other,
    };
    format!("{word}={}", text(pair).map_or_else(|| "(no text)".to_owned(), |value| shown_value(&value)))
}

/// A value that cannot break the line, the page or the terminal it is shown in.
pub(crate) fn shown_value(value: &str) -> String {
    let mut safe: String =
        value.chars().take(SHOWN).map(|character| if is_plain(character) { character } else { '\u{fffd}' }).collect();
    if value.chars().nth(SHOWN).is_some() {
        safe.push('…');
    }
    safe
}

/// Neither a control character nor one that turns the direction of writing or hides between others.
fn is_plain(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether two names are the same: byte for byte but for the kind of string, letter case and white space, as RFC 5280
/// compares them.
pub(crate) fn same(one: &Name, other: &Name) -> bool {
    one == other || comparable(one) == comparable(other)
}

/// Every part of a name as its attribute and its value, in one spelling.
fn comparable(name: &Name) -> Vec<Vec<(String, Spelling)>> {
    let set = |pairs: &RelativeDistinguishedName| {
        let mut set: Vec<_> = pairs.iter().map(|pair| (pair.oid.to_string(), spelling(pair))).collect();
        set.sort();
        set
    };
    name.iter_rdn().map(set).collect()
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Spelling {
    Text(String),
    Bytes(Vec<u8>),
}

fn spelling(pair: &AttributeTypeAndValue) -> Spelling {
    match text(pair) {
        Some(text) => Spelling::Text(text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")),
        None => Spelling::Bytes(pair.value.value().to_vec()),
    }
}

fn text(pair: &AttributeTypeAndValue) -> Option<String> {
    let bytes = pair.value.value();
    match pair.value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::NumericString | Tag::VisibleString => {
            std::str::from_utf8(bytes).ok().map(str::to_owned)
        }
        // Latin-1 in practice, whose numbers are those of Unicode.
        Tag::TeletexString => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
        Tag::BmpString if bytes.len().is_multiple_of(2) => {
            let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).ok()
        }
        _ => None,
    }
}
