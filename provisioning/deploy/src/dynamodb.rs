//! DynamoDB: what a table is, and changing it. Its content is `aws`'s.

use aws::{Aws, AwsError, Call, Service, Transport};
use serde_json::{Value, json};

use crate::query;

/// The table as DynamoDB describes it, if there is one.
pub async fn describe_table<T: Transport>(aws: &Aws<T>, table: &str) -> Result<Option<Value>, AwsError> {
    match ask(aws, "DescribeTable", &json!({ "TableName": table })).await {
        Ok(answer) => Ok(Some(answer["Table"].clone())),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Begins a change of the table.
pub async fn update_table<T: Transport>(aws: &Aws<T>, table: &str, mut change: Value) -> Result<(), AwsError> {
    change["TableName"] = table.into();
    ask(aws, "UpdateTable", &change).await.map(drop)
}

async fn ask<T: Transport>(aws: &Aws<T>, operation: &'static str, request: &Value) -> Result<Value, AwsError> {
    let call = Call {
        service: Service::DynamoDb,
        operation,
        method: http::Method::POST,
        path: "/".to_owned(),
        headers: vec![
            ("content-type", "application/x-amz-json-1.0".to_owned()),
            ("x-amz-target", format!("DynamoDB_20120810.{operation}")),
        ],
        body: request.to_string().into_bytes(),
    };
    let answer = aws.call(call).await?;
    serde_json::from_slice(answer.body()).map_err(|error| query::unreadable(Service::DynamoDb, operation, error))
}
