use std::collections::BTreeMap;

use super::{Ask, encoded, send};
use crate::{Aws, AwsError, Transport};

/// CreateThing. One that exists with the very same content is a success, any other a `ResourceAlreadyExistsException`.
pub async fn create_thing<T: Transport>(
    aws: &Aws<T>,
    name: &str,
    thing_type: Option<&str>,
    attributes: &BTreeMap<String, String>,
) -> Result<(), AwsError> {
    let mut body = serde_json::json!({ "attributePayload": { "attributes": attributes } });
    if let Some(thing_type) = thing_type {
        body["thingTypeName"] = thing_type.into();
    }
    let ask = Ask {
        operation: "CreateThing",
        method: http::Method::POST,
        path: format!("/things/{}", encoded(name)),
        principal: None,
        body: Some(body),
    };
    send(aws, ask).await.map(drop)
}
