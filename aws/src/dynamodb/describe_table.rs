use serde::Deserialize;

use super::call;
use crate::{Aws, AwsError, Transport};

/// What DynamoDB says of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableDescription {
    /// `ACTIVE` where it can be used.
    pub status: String,
    /// Its indexes, each with its state.
    pub indexes: Vec<(String, String)>,
    /// What its stream shows, such as `NEW_IMAGE`, where it has one.
    pub stream: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    table: Table,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Table {
    #[serde(default)]
    table_status: String,
    #[serde(default)]
    global_secondary_indexes: Vec<Index>,
    stream_specification: Option<Stream>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Index {
    index_name: String,
    #[serde(default)]
    index_status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Stream {
    #[serde(default)]
    stream_enabled: bool,
    stream_view_type: Option<String>,
}

/// DescribeTable; `None` where there is no such table.
pub async fn describe_table<T: Transport>(aws: &Aws<T>, table: &str) -> Result<Option<TableDescription>, AwsError> {
    let request = serde_json::json!({ "TableName": table });
    let Answer { table } = match call(aws, "DescribeTable", &request).await {
        Ok(answer) => answer,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error),
    };
    let indexes = table.global_secondary_indexes.into_iter().map(|index| (index.index_name, index.index_status));
    let stream = table.stream_specification.filter(|stream| stream.stream_enabled);
    Ok(Some(TableDescription {
        status: table.table_status,
        indexes: indexes.collect(),
        stream: stream.and_then(|stream| stream.stream_view_type),
    }))
}
