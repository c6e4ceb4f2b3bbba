use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AttributeValue, Item, call};
use crate::{Aws, AwsError, Transport};

/// What is asked of one partition of a table or index.
#[derive(Clone, Debug)]
pub struct Query<'a> {
    /// The table.
    pub table: &'a str,
    /// The index; `None` for the table itself, which is then read consistently.
    pub index: Option<&'a str>,
    /// The partition: attribute and value.
    pub partition: (&'a str, &'a str),
    /// What the sort key must satisfy.
    pub sort: Option<KeyCondition<'a>>,
    /// Whether the sort keys come in descending order.
    pub descending: bool,
    /// How many items are read at most.
    pub limit: Option<u32>,
    /// Where an earlier page ended.
    pub start: Option<Item>,
}

/// A condition on the sort key.
#[derive(Clone, Copy, Debug)]
pub enum KeyCondition<'a> {
    /// The attribute lies between two texts, both included.
    Between(&'a str, &'a str, &'a str),
}

/// What one Query or Scan read. A page can be empty and still not be the last one.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Page {
    /// The items.
    #[serde(default)]
    pub items: Vec<Item>,
    /// Where to go on; `None` at the end.
    pub last_evaluated_key: Option<Item>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Request<'a> {
    table_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    index_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_condition_expression: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    expression_attribute_names: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    expression_attribute_values: BTreeMap<&'a str, AttributeValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scan_index_forward: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclusive_start_key: Option<Item>,
    consistent_read: bool,
}

/// Query: one page of one partition.
pub async fn query<T: Transport>(aws: &Aws<T>, query: Query<'_>) -> Result<Page, AwsError> {
    let (attribute, value) = query.partition;
    let mut condition = "#partition = :partition".to_owned();
    let mut names = BTreeMap::from([("#partition", attribute)]);
    let mut values = BTreeMap::from([(":partition", value.into())]);
    if let Some(KeyCondition::Between(attribute, low, high)) = query.sort {
        condition.push_str(" AND #sort BETWEEN :low AND :high");
        names.insert("#sort", attribute);
        values.insert(":low", low.into());
        values.insert(":high", high.into());
    }
    let request = Request {
        table_name: query.table,
        index_name: query.index,
        key_condition_expression: Some(condition),
        expression_attribute_names: names,
        expression_attribute_values: values,
        scan_index_forward: query.descending.then_some(false),
        limit: query.limit,
        exclusive_start_key: query.start,
        consistent_read: query.index.is_none(),
    };
    call(aws, "Query", &request).await
}

/// Scan: one page of a whole table, in no order. Only for tables that lack the index a Query would need.
pub async fn scan<T: Transport>(aws: &Aws<T>, table: &str, limit: u32, start: Option<Item>) -> Result<Page, AwsError> {
    let request = Request {
        table_name: table,
        index_name: None,
        key_condition_expression: None,
        expression_attribute_names: BTreeMap::new(),
        expression_attribute_values: BTreeMap::new(),
        scan_index_forward: None,
        limit: Some(limit),
        exclusive_start_key: start,
        consistent_read: false,
    };
    call(aws, "Scan", &request).await
}
