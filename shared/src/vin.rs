//! Vehicle identification numbers in one spelling.

use std::fmt;

use regex_lite::Regex;
use serde::{Deserialize, Serialize};

/// ISO 3779: seventeen letters and digits, without I, O and Q.
pub const DEFAULT_VIN_PATTERN: &str = "[A-HJ-NPR-Z0-9]{17}";

/// A thing name has at most 128 characters, eight of which are `Vehicle_`.
const LONGEST_VIN: usize = 120;

/// Longer input is refused before it is looked at.
const LONGEST_INPUT: usize = 256;

/// A vehicle identification number in the one spelling used everywhere: upper-case ASCII letters and digits.
///
/// [`Vin::parse`] is the door for what people and vehicles write. Deserialising takes only the canonical spelling,
/// whatever its pattern: a stored VIN stays readable when the configured pattern changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Vin(String);

impl Vin {
    /// Reads a VIN as people write it: lower-case letters, white space, hyphens, dots and underscores are forgiven,
    /// as the rest of an existing deployment does; anything else is an error, Unicode letters and digits included.
    pub fn parse(input: &str, pattern: &VinPattern) -> Result<Self, InvalidVin> {
        if input.len() > LONGEST_INPUT {
            return Err(InvalidVin::TooLong { bytes: input.len() });
        }
        let mut spelling = String::with_capacity(input.len());
        for character in input.chars() {
            match character {
                'A'..='Z' | '0'..='9' => spelling.push(character),
                'a'..='z' => spelling.push(character.to_ascii_uppercase()),
                '-' | '_' | '.' | ' ' | '\t' | '\r' | '\n' => {}
                _ => return Err(InvalidVin::UnexpectedCharacter { character }),
            }
        }
        let vin = Vin::try_from(spelling)?;
        if pattern.accepts(&vin) {
            return Ok(vin);
        }
        Err(match vin.0.chars().find(|letter| matches!(letter, 'I' | 'O' | 'Q')) {
            Some(letter) if pattern.is_default() => InvalidVin::AmbiguousLetter { vin: vin.0, letter },
            _ if pattern.is_default() && vin.0.len() != 17 => {
                InvalidVin::WrongLength { length: vin.0.len(), vin: vin.0 }
            }
            _ => InvalidVin::PatternMismatch { vin: vin.0, pattern: pattern.to_string() },
        })
    }

    /// The canonical spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Vin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<Vin> for String {
    fn from(vin: Vin) -> String {
        vin.0
    }
}

impl TryFrom<String> for Vin {
    type Error = InvalidVin;

    /// Takes the canonical spelling only.
    fn try_from(spelling: String) -> Result<Self, InvalidVin> {
        if spelling.is_empty() {
            return Err(InvalidVin::Empty);
        }
        if spelling.len() > LONGEST_VIN {
            return Err(InvalidVin::TooLong { bytes: spelling.len() });
        }
        match spelling.chars().find(|character| !matches!(character, 'A'..='Z' | '0'..='9')) {
            Some(character) => Err(InvalidVin::UnexpectedCharacter { character }),
            None => Ok(Vin(spelling)),
        }
    }
}

/// Which canonical spellings a deployment takes for a VIN. Test fleets and trailers differ, so it is configuration.
#[derive(Clone, Debug)]
pub struct VinPattern {
    source: String,
    anchored: Regex,
}

impl VinPattern {
    /// Reads a regular expression that must match the whole VIN.
    pub fn parse(source: &str) -> Result<Self, InvalidVinPattern> {
        let anchored = Regex::new(&format!("^(?:{source})$"))
            .map_err(|error| InvalidVinPattern { pattern: source.to_owned(), problem: error.to_string() })?;
        Ok(VinPattern { source: source.to_owned(), anchored })
    }

    fn accepts(&self, vin: &Vin) -> bool {
        self.anchored.is_match(&vin.0)
    }

    fn is_default(&self) -> bool {
        self.source == DEFAULT_VIN_PATTERN
    }
}

impl fmt::Display for VinPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.source)
    }
}

/// Why a text is no VIN; each sentence says what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidVin {
    /// Nothing but separators.
    #[error("The VIN is empty: enter the vehicle identification number.")]
    Empty,
    /// More than could ever be a VIN.
    #[error("This is {bytes} bytes long, too long for a VIN: check what was pasted.")]
    TooLong {
        /// Length of what was given.
        bytes: usize,
    },
    /// A character outside ASCII letters, digits and separators.
    #[error("A VIN has no {character:?}: write it with the letters A to Z and digits.")]
    UnexpectedCharacter {
        /// The first such character.
        character: char,
    },
    /// The default pattern leaves out the letters that look like digits.
    #[error("A VIN has no letter {letter}, and {vin} does: is it a 1 or a 0?")]
    AmbiguousLetter {
        /// What was given, in our spelling.
        vin: String,
        /// I, O or Q.
        letter: char,
    },
    /// The default pattern wants seventeen characters.
    #[error("A VIN has 17 characters, and {vin} has {length}: compare it with the vehicle's papers.")]
    WrongLength {
        /// What was given, in our spelling.
        vin: String,
        /// How many characters it has.
        length: usize,
    },
    /// The deployment's own pattern refuses it.
    #[error(
        "{vin} does not match this deployment's VIN pattern {pattern}: correct the VIN, or the VIN_PATTERN setting."
    )]
    PatternMismatch {
        /// What was given, in our spelling.
        vin: String,
        /// The configured pattern.
        pattern: String,
    },
}

/// The configured pattern is no regular expression.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the VIN pattern {pattern:?} is not a regular expression: {problem}")]
pub struct InvalidVinPattern {
    pattern: String,
    problem: String,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(input: &str) -> Result<Vin, InvalidVin> {
        Vin::parse(input, &VinPattern::parse(DEFAULT_VIN_PATTERN).expect("the default pattern is valid"))
    }

    #[test]
    fn lower_case_and_separators_become_one_spelling() {
        for written in ["1HGCM82633A004352", "1hgcm82633a004352", "  1hg-cm826_33a.004352\n"] {
            assert_eq!(parse(written).expect("a valid VIN").as_str(), "1HGCM82633A004352");
        }
    }

    #[test]
    fn unicode_look_alikes_are_refused() {
        for written in ["1HGCM82633A00435²", "1HGCM82633А004352", "１HGCM82633A004352"] {
            assert!(matches!(parse(written), Err(InvalidVin::UnexpectedCharacter { .. })), "{written}");
        }
    }

    #[test]
    fn every_kind_of_mistake_has_its_own_sentence() {
        assert_eq!(parse(" - "), Err(InvalidVin::Empty));
        assert!(matches!(parse(&"A".repeat(300)), Err(InvalidVin::TooLong { bytes: 300 })));
        assert!(matches!(parse(&"A".repeat(121)), Err(InvalidVin::TooLong { bytes: 121 })));
        assert!(matches!(parse("1HGCM82633A00435O"), Err(InvalidVin::AmbiguousLetter { letter: 'O', .. })));
        assert!(matches!(parse("1HGCM82633A0043"), Err(InvalidVin::WrongLength { length: 15, .. })));
        assert!(matches!(parse("../../etc/passwd"), Err(InvalidVin::UnexpectedCharacter { character: '/' })));
    }

    #[test]
    fn the_pattern_is_configuration_and_matches_the_whole_vin() {
        let trailers = VinPattern::parse("TRAILER[0-9]+|X").expect("a valid pattern");
        assert_eq!(Vin::parse("trailer-7", &trailers).expect("a trailer").as_str(), "TRAILER7");
        assert!(matches!(Vin::parse("XTRAILER7", &trailers), Err(InvalidVin::PatternMismatch { .. })));
        assert!(VinPattern::parse("[A-").is_err());
    }

    proptest! {
        #[test]
        fn whatever_parses_is_canonical_and_parses_to_itself(input in "\\PC{0,40}") {
            let any = VinPattern::parse("[A-Z0-9]+").expect("a valid pattern");
            if let Ok(vin) = Vin::parse(&input, &any) {
                prop_assert!(vin.as_str().bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()));
                prop_assert_eq!(Vin::parse(vin.as_str(), &any), Ok(vin.clone()));
                prop_assert_eq!(Vin::try_from(vin.as_str().to_owned()), Ok(vin));
            }
        }
    }
}
