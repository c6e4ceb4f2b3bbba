use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::Count;

use super::{AttributeValue, Item, call};
use crate::{Aws, AwsError, Transport};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Request<'a> {
    table_name: &'a str,
    index_name: &'a str,
    key_condition_expression: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter_expression: Option<&'a str>,
    expression_attribute_names: BTreeMap<&'static str, &'a str>,
    expression_attribute_values: BTreeMap<&'a str, AttributeValue>,
    select: &'static str,
    limit: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclusive_start_key: Option<Item>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    count: u32,
    last_evaluated_key: Option<Item>,
}

/// Which items of an index partition are counted.
#[derive(Clone, Debug)]
pub struct Counting<'a> {
    /// The table.
    pub table: &'a str,
    /// The index.
    pub index: &'a str,
    /// The partition: attribute and value.
    pub partition: (&'a str, &'a str),
    /// What an item must satisfy, with the values named in it.
    pub filter: Option<(&'a str, &'a [(&'a str, AttributeValue)])>,
}

/// Query, to count: it looks at `limit` items at most and says whether there were more.
pub async fn count<T: Transport>(aws: &Aws<T>, counting: &Counting<'_>, limit: u32) -> Result<Count, AwsError> {
    let (attribute, value) = counting.partition;
    let mut values: BTreeMap<&str, AttributeValue> = BTreeMap::from([(":partition", value.into())]);
    if let Some((_, named)) = counting.filter {
        values.extend(named.iter().map(|(name, value)| (*name, value.clone())));
    }
    let mut request = Request {
        table_name: counting.table,
        index_name: counting.index,
        key_condition_expression: "#partition = :partition",
        filter_expression: counting.filter.map(|(filter, _)| filter),
        expression_attribute_names: BTreeMap::from([("#partition", attribute)]),
        expression_attribute_values: values,
        select: "COUNT",
        limit,
        exclusive_start_key: None,
    };
    let mut number = 0;
    loop {
        let answer: Answer = call(aws, "Query", &request).await?;
        number += answer.count;
        // A page ends early where it has read a megabyte; with a filter what was looked at is not what was counted.
        let looked_enough = number >= limit || counting.filter.is_some();
        match answer.last_evaluated_key {
            None => return Ok(Count { number, or_more: false }),
            Some(_) if looked_enough => return Ok(Count { number, or_more: true }),
            next => request.exclusive_start_key = next,
        }
    }
}
