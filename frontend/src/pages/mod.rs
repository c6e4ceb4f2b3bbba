//! What is at each address. A page asks for its data; what it draws of them is a component that takes them as given.

pub mod attempts;
pub mod authorities;
pub mod claims;
pub mod issue;
pub mod later;
pub mod not_found;
pub mod self_check;
pub mod vehicle;
pub mod vehicles;
