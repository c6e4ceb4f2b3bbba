//! What an operator can ask for: one operation a file.

mod act_on_certificate;
mod attempts_of_vehicle;
mod authorize;
mod cursor;
mod list_attempts;
mod list_claims;
mod list_vehicles;
mod open_ticket;
mod perform_action;
mod show_session;
mod show_vehicle;

pub(crate) use act_on_certificate::act_on_certificate;
pub(crate) use authorize::authorize;
pub(crate) use list_attempts::list_attempts;
pub(crate) use list_claims::list_claims;
pub(crate) use list_vehicles::list_vehicles;
pub(crate) use open_ticket::open_ticket;
pub(crate) use show_session::show_session;
pub(crate) use show_vehicle::show_vehicle;

use aws::tables::UnreadableItem;
use shared::api::UnreadableRow;

fn unreadable(table: &str, row: UnreadableItem) -> UnreadableRow {
    UnreadableRow { row: format!("{table}: {}", row.row), problem: row.problem }
}
