use std::collections::BTreeMap;

use super::{Ask, encoded, send};
use crate::{Aws, AwsError, Transport};

/// What an update says of a thing's attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeChange {
    /// They are added, and replace those of the same name.
    Merge,
    /// They take the place of all others.
    Replace,
}

/// UpdateThing: changes what is given and leaves the rest.
pub async fn update_thing<T: Transport>(
    aws: &Aws<T>,
    name: &str,
    thing_type: Option<&str>,
    attributes: Option<(&BTreeMap<String, String>, AttributeChange)>,
) -> Result<(), AwsError> {
    let mut body = serde_json::json!({});
    if let Some((attributes, change)) = attributes {
        let merge = change == AttributeChange::Merge;
        body["attributePayload"] = serde_json::json!({ "attributes": attributes, "merge": merge });
    }
    if let Some(thing_type) = thing_type {
        body["thingTypeName"] = thing_type.into();
    }
    let ask = Ask {
        operation: "UpdateThing",
        method: http::Method::PATCH,
        path: format!("/things/{}", encoded(name)),
        principal: None,
        body: Some(body),
    };
    send(aws, ask).await.map(drop)
}
