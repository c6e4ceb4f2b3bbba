use super::{Ask, encoded, send};
use crate::{Aws, AwsError, Transport};

/// AttachThingPrincipal: the thing has this certificate (by ARN).
pub async fn attach_thing_principal<T: Transport>(aws: &Aws<T>, thing: &str, principal: &str) -> Result<(), AwsError> {
    let ask = Ask {
        operation: "AttachThingPrincipal",
        method: http::Method::PUT,
        path: format!("/things/{}/principals", encoded(thing)),
        principal: Some(principal),
        body: None,
    };
    send(aws, ask).await.map(drop)
}
