use super::{Ask, encoded, send};
use crate::{Aws, AwsError, Transport};

/// DetachThingPrincipal: the thing no longer has this certificate (by ARN).
pub async fn detach_thing_principal<T: Transport>(aws: &Aws<T>, thing: &str, principal: &str) -> Result<(), AwsError> {
    let ask = Ask {
        operation: "DetachThingPrincipal",
        method: http::Method::DELETE,
        path: format!("/things/{}/principals", encoded(thing)),
        principal: Some(principal),
        body: None,
    };
    send(aws, ask).await.map(drop)
}
