use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Ask, encoded, read};
use crate::{Aws, AwsError, Transport};

/// What AWS IoT says of a thing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ThingDescription {
    /// Its attributes.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// Its type, where it has one.
    pub thing_type_name: Option<String>,
}

/// DescribeThing; `None` where there is no such thing.
pub async fn describe_thing<T: Transport>(aws: &Aws<T>, name: &str) -> Result<Option<ThingDescription>, AwsError> {
    let ask = Ask {
        operation: "DescribeThing",
        method: http::Method::GET,
        path: format!("/things/{}", encoded(name)),
        principal: None,
        body: None,
    };
    match read(aws, ask).await {
        Ok(thing) => Ok(Some(thing)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
