//! What pages are made of. Each is mounted with its data given, so that it can be looked at without a network.

pub mod action_dialog;
pub mod actions;
pub mod attempt;
pub mod authorize_dialog;
pub mod badge;
pub mod certificate_dialog;
pub mod dialog;
pub mod download_receipt;
pub mod field;
pub mod filter;
pub mod fingerprint;
pub mod header;
pub mod icon;
pub mod moment;
pub mod pager;
pub mod pem_field;
pub mod receipt;
pub mod reprovision_dialog;
pub mod states;
pub mod steps;
pub mod unreadable;
pub mod vin;
