//! A VIN, its last six characters set off: they are what people read to one another and type to confirm.

use leptos::prelude::*;
use shared::Vin;

use crate::address;

/// The last six characters of a VIN, or all of a shorter one.
pub fn serial(vin: &Vin) -> &str {
    let vin = vin.as_str();
    // A VIN is ASCII, so that any place is between two characters.
    &vin[vin.len().saturating_sub(6)..]
}

/// A VIN.
#[component]
pub fn VinView(vin: Vin) -> impl IntoView {
    let serial = serial(&vin).to_owned();
    let lead = vin.as_str()[..vin.as_str().len() - serial.len()].to_owned();
    view! {
        <span class="vin">
            {lead}
            <b>{serial}</b>
        </span>
    }
}

/// A VIN that leads to its vehicle.
#[component]
pub fn VinLink(vin: Vin) -> impl IntoView {
    let address = address::of_vehicle(&vin);
    view! {
        <a class="vin-link" href=address>
            <VinView vin />
        </a>
    }
}
