//! Key Management Service: the state of a key, JSON protocol 1.1. Keys are used by the services that store, never from here.

mod key_state;

pub use key_state::key_state;
