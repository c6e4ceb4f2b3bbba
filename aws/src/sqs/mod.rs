//! Simple Queue Service: how full a queue is, JSON protocol 1.0.

mod queue_depth;

pub use queue_depth::queue_depth;
