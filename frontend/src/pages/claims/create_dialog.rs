//! Makes a claim under a new name.

use std::rc::Rc;

use leptos::prelude::*;
use shared::{ClaimName, api::Done};

use crate::components::{
    action_dialog::{ActionDialog, Carry},
    field::TextField,
};

/// Asks for the name.
#[component]
pub fn CreateDialog(
    /// What was typed. It outlives the dialog, so that closing it loses nothing.
    name: RwSignal<String>,
    /// Carries it out, for the name that was typed.
    carry: Carry<String>,
    /// It was carried out.
    done: Callback<Done>,
    /// The dialog is to be taken away.
    close: Callback<()>,
) -> impl IntoView {
    let typed = move || name.with(|name| name.trim().to_owned());
    let missing = Signal::derive(move || {
        ClaimName::try_from(typed()).err().map(|problem| problem.to_string()).into_iter().collect()
    });
    let carry: Carry<()> = Rc::new(move |()| carry(untrack(typed)));
    view! {
        <ActionDialog title="Make a claim" confirm="Make claim" missing carry done close>
            <p class="lead">"What will happen:"</p>
            <ul class="consequences">
                <li>"A new claim certificate and its key are made and kept in a secret of their own in Secrets Manager, where the plant reads them. Nobody sees the key here."</li>
                <li>"Vehicles can be authorized for it, so that you see whom it would strand to take it out of use."</li>
                <li>"It is rotated like every other claim."</li>
            </ul>
            <TextField
                label="Name"
                value=name
                first=true
                hint="One for each plant or batch, such as plant-7: what leaks there can then be taken out of use alone."
            />
        </ActionDialog>
    }
}
