//! The names and values that AWS IoT takes, as its service model says them.

use crate::TemplateProblem;

/// Attributes of a thing that has no thing type.
pub(crate) const ATTRIBUTES_WITHOUT_TYPE: usize = 3;
/// Attributes of a thing that has one.
pub(crate) const ATTRIBUTES_WITH_TYPE: usize = 50;
/// Groups that one thing is in.
pub(crate) const GROUPS: usize = 10;

const NAME: &str = "1 to 128 of letters, digits, \":\", \"_\" and \"-\"";
const POLICY_NAME: &str = "1 to 128 of letters, digits and \"_+=,.@-\"";
const ATTRIBUTE_NAME: &str = "1 to 128 of letters, digits and \"_.,@/:#-\"";
const ATTRIBUTE_VALUE: &str = "at most 800 of letters, digits and \"_.,@/:#=[]-\"";

/// The name of a thing, of a thing type, of a thing group or of a billing group.
pub(crate) fn name(at: &str, text: String) -> Result<String, TemplateProblem> {
    check(at, text, 1..=128, ":_-", NAME)
}

pub(crate) fn policy_name(at: &str, text: String) -> Result<String, TemplateProblem> {
    check(at, text, 1..=128, "_+=,.@-", POLICY_NAME)
}

pub(crate) fn attribute_name(at: &str, text: &str) -> Result<(), TemplateProblem> {
    check(at, text.to_owned(), 1..=128, "_.,@/:#-", ATTRIBUTE_NAME).map(drop)
}

pub(crate) fn attribute_value(at: &str, text: String) -> Result<String, TemplateProblem> {
    check(at, text, 0..=800, "_.,@/:#=[]-", ATTRIBUTE_VALUE)
}

pub(crate) fn attribute_count(count: usize, has_type: bool) -> Result<(), TemplateProblem> {
    let limit = if has_type { ATTRIBUTES_WITH_TYPE } else { ATTRIBUTES_WITHOUT_TYPE };
    if count > limit { Err(TemplateProblem::TooManyAttributes { count, limit, has_type }) } else { Ok(()) }
}

fn check(
    at: &str,
    text: String,
    length: std::ops::RangeInclusive<usize>,
    others: &str,
    rule: &'static str,
) -> Result<String, TemplateProblem> {
    let takes = |character: char| character.is_ascii_alphanumeric() || others.contains(character);
    if length.contains(&text.len()) && text.chars().all(takes) {
        return Ok(text);
    }
    Err(TemplateProblem::InvalidValue { at: at.to_owned(), value: text.chars().take(80).collect(), rule })
}
