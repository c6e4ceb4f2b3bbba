use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AttributeValue, Item, call};
use crate::{Aws, AwsError, Transport};

/// One change of one item, under a condition. Serialises as the request of UpdateItem and as a transaction's Update.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Update {
    /// The table.
    pub table_name: String,
    /// The item's key.
    pub key: Item,
    /// What changes.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub update_expression: String,
    /// What must hold.
    pub condition_expression: String,
    /// Values named in the expressions.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub expression_attribute_values: BTreeMap<String, AttributeValue>,
    /// Attribute names that stand for themselves only through a placeholder.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub expression_attribute_names: BTreeMap<String, String>,
}

impl Update {
    /// An update of this item that changes nothing yet.
    pub fn of(table: &str, key: Item) -> Self {
        Update { table_name: table.to_owned(), key, ..Update::default() }
    }

    /// Sets the update expression.
    pub fn set(mut self, expression: impl Into<String>) -> Self {
        self.update_expression = expression.into();
        self
    }

    /// Sets the condition.
    pub fn when(mut self, condition: impl Into<String>) -> Self {
        self.condition_expression = condition.into();
        self
    }

    /// Names a value.
    pub fn value(mut self, name: &str, value: impl Into<AttributeValue>) -> Self {
        self.expression_attribute_values.insert(name.to_owned(), value.into());
        self
    }
}

#[derive(Deserialize)]
struct Answer {}

/// UpdateItem. Every update has a condition, because an update of a missing key would make a half-empty item.
pub async fn update_item<T: Transport>(aws: &Aws<T>, update: &Update) -> Result<(), AwsError> {
    let Answer {} = call(aws, "UpdateItem", update).await?;
    Ok(())
}
