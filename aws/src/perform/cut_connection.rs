use shared::ThingName;

use crate::iot::delete_connection;
use crate::{Aws, Transport};

/// Cutting only hastens what AWS IoT does by itself, so failing to cut is a warning and no error.
pub(super) async fn cut_connection<T: Transport>(aws: &Aws<T>, thing: &ThingName) -> Option<String> {
    match delete_connection(aws, thing.as_str()).await {
        Ok(()) => None,
        Err(error) if error.is_not_found() => None,
        Err(error) => Some(format!(
            "A live connection of {thing} could not be cut at once ({}). AWS IoT ends it by itself within minutes; \
             the vehicle cannot connect again.",
            error.cause
        )),
    }
}
