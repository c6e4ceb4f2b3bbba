//! What the stories share: a stack of their own, the people and vehicles in it, and patience with a deadline.

mod api;
mod authority;
mod browser;
mod device;
mod issuing;
mod outage;
mod patience;
mod recorder;
mod refusal;
mod tables;
mod world;

pub use api::Api;
pub use authority::{PrivateAuthority, Signed, signing_request};
pub use browser::{Browser, Look};
pub use device::Device;
pub use outage::{Failure, Outage};
pub use patience::eventually;
pub use recorder::Recorder;
pub use refusal::{Dying, Refusing};
pub use tables::{text, truth};
pub use world::{World, administrator_of, administrator_over, edge_of};
