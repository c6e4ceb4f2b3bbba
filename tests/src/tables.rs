//! Rows as other tools write them.

use aws::dynamodb::AttributeValue;

/// A text attribute.
pub fn text(name: &str, value: &str) -> (String, AttributeValue) {
    (name.to_owned(), value.into())
}

/// A truth value.
pub fn truth(name: &str, value: bool) -> (String, AttributeValue) {
    (name.to_owned(), value.into())
}
