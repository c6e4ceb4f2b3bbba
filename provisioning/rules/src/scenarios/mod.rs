//! Stories of vehicles, played over a small world.

mod world;

mod authorizing;
mod claims;
mod coming_again;
mod existing_deployment;
mod holding;
mod interleavings;
mod issuing;
mod model;
mod provisioning;
mod reference;
mod reporting;
mod requests;
mod revoking;
mod standings;
mod tickets;
mod weaknesses;
