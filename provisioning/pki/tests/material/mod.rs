//! What the tests of this crate are made of.

#![allow(dead_code, reason = "each file of tests uses its part of this")]

use shared::{Timestamp, Vin};

/// A request or certificate that OpenSSL made; `fixtures/make.sh` makes them anew.
#[macro_export]
macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/", $name))
    };
}

pub const VIN: &str = "1HGCM82633A004352";

pub fn vin(text: &str) -> Vin {
    Vin::try_from(text.to_owned()).expect("a VIN")
}

pub fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}
