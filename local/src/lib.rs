//! The local stack: the stand-in for AWS with our CloudFormation stack deployed into it, the Worker on workerd serving
//! the console, and a small demo fleet that provisioned itself over mutual TLS.
//!
//! Every part is the real one. The parts learn where the stand-in is by endpoints and credentials alone, and every key
//! in use belongs to an IAM user of the stand-in, so that signatures and policies are checked as AWS checks them.
//!
//! [`Stack::start`] starts it and [`Stack::stop`] ends what was started, and only that. Two stacks run side by side as
//! long as their ports and state folders differ.

mod access_key;
mod administrator;
mod configuration;
mod console_client;
mod demo_fleet;
mod deployment;
mod http_client;
mod iam;
mod kept_state;
mod left_over;
mod ministack;
mod moment;
mod ports;
mod private_file;
mod process;
mod ready;
mod stack;
mod stack_json;
mod worker;

pub use configuration::{Build, Configuration, Ports};
pub use ports::free_ports;
pub use stack::Stack;
pub use stack_json::StackJson;
