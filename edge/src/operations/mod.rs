//! What an operator can ask for: one operation a file.

mod act_on_certificate;
mod attempts_of_vehicle;
mod authorities;
mod authorize;
mod claims;
mod cursor;
mod issue_certificate;
mod list_attempts;
mod list_receipts;
mod list_vehicles;
mod open_ticket;
mod perform_action;
mod receipts_of_vehicle;
mod self_check;
mod show_receipt;
mod show_session;
mod show_vehicle;

pub(crate) use act_on_certificate::act_on_certificate;
pub(crate) use authorities::{act_on_authority, list_authorities, register_authority};
pub(crate) use authorize::authorize;
pub(crate) use claims::{burn_claim, create_claim, list_claim_names, list_claims, rotate_claim, show_claim_reach};
pub(crate) use issue_certificate::issue_certificate;
pub(crate) use list_attempts::list_attempts;
pub(crate) use list_receipts::list_receipts;
pub(crate) use list_vehicles::list_vehicles;
pub(crate) use open_ticket::open_ticket;
pub(crate) use self_check::self_check;
pub(crate) use show_receipt::show_receipt;
pub(crate) use show_session::show_session;
pub(crate) use show_vehicle::show_vehicle;

use aws::tables::UnreadableItem;
use shared::api::UnreadableRow;

fn unreadable(table: &str, row: UnreadableItem) -> UnreadableRow {
    UnreadableRow { row: format!("{table}: {}", row.row), problem: row.problem }
}
