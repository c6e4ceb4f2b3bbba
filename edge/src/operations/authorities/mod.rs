//! The CA certificates under which vehicles bring certificates of their own.

mod act;
mod issuer;
mod list;
mod register;

pub(crate) use act::act_on_authority;
pub(crate) use issuer::issuer_of;
pub(crate) use list::list_authorities;
pub(crate) use register::register_authority;
