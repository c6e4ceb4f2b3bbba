//! The tables as Rust: the one place that knows their attributes and indexes.
//!
//! The attributes of an existing deployment keep their names and meanings. Rows that other tools wrote are read for what
//! they hold; what cannot be read is reported with its row, never dropped in silence.

pub mod authority_actions;
pub mod authorized_vehicles;
pub mod claim_certificates;
mod names;
pub mod operator_actions;
pub mod provisioned_vehicles;
pub mod provisioning_attempts;
mod row;
mod shard;

pub use names::{MissingSetting, TableNames};
pub use row::UnreadableItem;
pub use shard::{SHARDS, shard_of};
