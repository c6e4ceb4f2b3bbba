//! Gives a claim a new certificate.

use leptos::prelude::*;
use shared::{ClaimName, api::Done};

use crate::components::action_dialog::{ActionDialog, Carry};

/// Says what a rotation does.
#[component]
pub fn RotateDialog(
    /// The claim.
    name: ClaimName,
    /// Whether it has a certificate that works.
    works: bool,
    /// Carries it out.
    carry: Carry<()>,
    /// It was carried out.
    done: Callback<Done>,
    /// The dialog is to be taken away.
    close: Callback<()>,
) -> impl IntoView {
    let old = if works {
        "The one it has now goes on working for vehicles that were built with it: until the end of the overlap, or until the last vehicle expected with it has come."
    } else {
        "Vehicles that were built with the one that was burned stay out: install the new one on them."
    };
    view! {
        <ActionDialog
            title=format!("Rotate the claim {name}?")
            confirm="Rotate claim"
            missing=Signal::stored(Vec::new())
            carry
            done
            close
        >
            <p class="lead">"What will happen:"</p>
            <ul class="consequences">
                <li>"A new claim certificate takes its place in the secret, and plants that read the secret get the new one. This takes a minute."</li>
                <li>{old}</li>
            </ul>
        </ActionDialog>
    }
}
