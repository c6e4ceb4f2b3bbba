//! Lambda: functions that are called by name.

mod invoke;

pub use invoke::invoke;
