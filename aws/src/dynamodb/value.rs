//! Attribute values as DynamoDB spells them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// An item: attribute names and their values.
pub type Item = BTreeMap<String, AttributeValue>;

/// One attribute value. Types that our tables do not use are read as [`AttributeValue::Other`] rather than refused,
/// because other tools write into the same rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AttributeValue {
    /// A text.
    S {
        /// The text.
        #[serde(rename = "S")]
        s: String,
    },
    /// A truth value.
    Bool {
        /// The truth value.
        #[serde(rename = "BOOL")]
        bool: bool,
    },
    /// A map.
    M {
        /// Its members.
        #[serde(rename = "M")]
        m: Item,
    },
    /// A list.
    L {
        /// Its elements.
        #[serde(rename = "L")]
        l: Vec<AttributeValue>,
    },
    /// Anything else, as it came.
    Other(serde_json::Value),
}

impl AttributeValue {
    /// The text, where the value is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            AttributeValue::S { s } => Some(s),
            _ => None,
        }
    }

    /// The truth value, where the value is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            AttributeValue::Bool { bool } => Some(*bool),
            _ => None,
        }
    }

    /// The elements, where the value is a list.
    pub fn as_list(&self) -> Option<&[AttributeValue]> {
        match self {
            AttributeValue::L { l } => Some(l),
            _ => None,
        }
    }

    /// The members, where the value is a map.
    pub fn as_map(&self) -> Option<&Item> {
        match self {
            AttributeValue::M { m } => Some(m),
            _ => None,
        }
    }
}

impl From<&str> for AttributeValue {
    fn from(text: &str) -> Self {
        AttributeValue::S { s: text.to_owned() }
    }
}

impl From<String> for AttributeValue {
    fn from(text: String) -> Self {
        AttributeValue::S { s: text }
    }
}

impl From<bool> for AttributeValue {
    fn from(bool: bool) -> Self {
        AttributeValue::Bool { bool }
    }
}

impl From<Vec<AttributeValue>> for AttributeValue {
    fn from(elements: Vec<AttributeValue>) -> Self {
        AttributeValue::L { l: elements }
    }
}

impl From<Item> for AttributeValue {
    fn from(members: Item) -> Self {
        AttributeValue::M { m: members }
    }
}
