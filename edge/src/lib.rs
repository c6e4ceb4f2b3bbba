//! The console's API at the edge: proves who asks, parses what is asked, and does it in AWS with signed requests.
//!
//! The browser never holds AWS credentials; this Worker does, as secrets. Every operation takes the [`Operator`] who asks.

mod deployment;
mod failure;
mod merge;
mod operations;
mod operator;
#[cfg(target_arch = "wasm32")]
mod precompressed;
mod respond;
mod routes;
#[cfg(target_arch = "wasm32")]
mod transport;
#[cfg(target_arch = "wasm32")]
mod worker_entry;

pub use deployment::Deployment;
pub use operator::Operator;
pub use routes::answer;
