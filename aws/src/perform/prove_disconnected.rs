use std::time::Duration;

use shared::{ThingName, Timestamp};

use super::performed::Proof;
use crate::iot::{Connection, delete_connection, get_connection};
use crate::{Aws, Transport};

/// How long to wait before each look after the first: about ten seconds in all, which an operator can wait for.
const PAUSES: [Duration; 6] = [
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(3),
    Duration::from_secs(3),
];

/// The look at which a vehicle that is still connected is cut off once more. A certificate's new status takes a moment to
/// be known everywhere in AWS IoT, and a vehicle may get in again until then.
const CUT_AGAIN_AT: usize = 2;

/// Looks until AWS IoT says that the vehicle is not connected. What cannot be proven is a warning and no error: the
/// certificate is out of use, and AWS IoT ends its connection by itself.
pub(super) async fn prove_disconnected<T: Transport>(aws: &Aws<T>, thing: &ThingName) -> Proof {
    let mut pauses = PAUSES.iter().enumerate();
    loop {
        let connection = match get_connection(aws, thing.as_str()).await {
            Ok(connection) => connection,
            Err(error) => return not_proven(&format!("AWS IoT did not say whether {thing} is connected ({error}).")),
        };
        let since = match connection {
            None => return none_known(thing, aws.now()),
            Some(connection) if !connection.connected => return ended(&connection, aws.now()),
            Some(connection) => connection.connected_since,
        };
        let Some((looks, pause)) = pauses.next() else {
            let since = since.map(|since| format!(" since {since}")).unwrap_or_default();
            return not_proven(&format!("AWS IoT says that {thing} is connected{since}, asked at {}.", aws.now()));
        };
        aws.transport.pause(*pause).await;
        if looks + 1 == CUT_AGAIN_AT {
            // Whether this works shows at the next look.
            let _ = delete_connection(aws, thing.as_str()).await;
        }
    }
}

fn ended(connection: &Connection, now: Timestamp) -> Proof {
    let since = connection.disconnected_since.map(|since| format!(" since {since}")).unwrap_or_default();
    let reason = connection.disconnect_reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    Proof::Given(format!("not connected{since}{reason}, asked at {now}"))
}

fn none_known(thing: &ThingName, now: Timestamp) -> Proof {
    Proof::Given(format!("AWS IoT knows no connection of {thing} in the last 30 minutes, asked at {now}"))
}

fn not_proven(what: &str) -> Proof {
    Proof::Missing(format!("{what} AWS IoT ends the connection by itself within minutes and refuses new ones."))
}
