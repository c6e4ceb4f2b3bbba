//! Takes a claim certificate out of use now, after saying whom that strands.

use std::rc::Rc;

use leptos::prelude::*;
use shared::{
    ClaimName, ClaimState, Count, Vin,
    api::{ClaimReach, Done},
};

use super::state::of_any_claim;
use crate::components::{
    action_dialog::{ActionDialog, Carry, problem_with_reason},
    field::{ReasonField, TextField},
    fingerprint::short,
    vin::VinView,
};

/// How many of those who would be stranded are named.
const NAMED: usize = 10;

/// What was typed. It outlives the dialog, so that closing it loses nothing.
#[derive(Clone, Copy, Debug)]
pub struct BurnDraft {
    /// Why.
    pub reason: RwSignal<String>,
    /// The claim's name, typed to confirm.
    pub typed: RwSignal<String>,
}

impl BurnDraft {
    /// Nothing typed yet.
    pub fn empty() -> Self {
        BurnDraft { reason: RwSignal::new(String::new()), typed: RwSignal::new(String::new()) }
    }

    /// Forgets what was typed once it was used.
    pub fn clear(self) {
        self.reason.set(String::new());
        self.typed.set(String::new());
    }
}

/// Asks for the reason and for the claim's name.
#[component]
pub fn BurnDialog(
    /// The claim and whom it reaches, as the operator was shown it.
    reach: ClaimReach,
    /// The claim's name.
    name: ClaimName,
    /// What was typed so far.
    draft: BurnDraft,
    /// Carries it out, for the reason given.
    carry: Carry<String>,
    /// It was carried out.
    done: Callback<Done>,
    /// The dialog is to be taken away.
    close: Callback<()>,
) -> impl IntoView {
    let wanted = name.to_string();
    let missing = Signal::derive(move || {
        let mut missing = Vec::from_iter(draft.reason.with(|reason| problem_with_reason(reason)));
        if !draft.typed.with(|typed| typed.trim() == wanted) {
            missing.push(format!("Type {wanted}, the claim's name, to confirm."));
        }
        missing
    });
    let carry: Carry<()> = Rc::new(move |()| carry(draft.reason.with_untracked(|reason| reason.trim().to_owned())));
    let current = reach.claim.record.as_ref().is_some_and(|record| record.state == ClaimState::Current);
    let ClaimReach { claim, expected_vins, expected_with_any, .. } = reach;
    view! {
        <ActionDialog title="Burn this claim certificate?" confirm="Burn claim certificate" grave=true missing carry done close>
            <dl class="subject">
                <dt>"Claim"</dt>
                <dd>{name.to_string()}</dd>
                <dt>"Certificate"</dt>
                <dd>
                    <code title=claim.id.as_str().to_owned()>{short(&claim.id.0)}</code>
                    {if current { " (current)" } else { " (not the current one)" }}
                </dd>
            </dl>
            <p class="lead">"What will happen:"</p>
            <ul class="consequences">
                <li>"AWS IoT refuses this certificate from now on, for good. What asks with it over a connection that is still open is denied at once."</li>
                <li>"Vehicles that it let in already are not touched: they have certificates of their own."</li>
                {current
                    .then(|| {
                        view! {
                            <li>
                                "Its name has no working certificate then: rotate the claim afterwards to make a new one."
                            </li>
                        }
                    })}
            </ul>
            <Stranded expected=claim.expected vins=expected_vins with_any=expected_with_any />
            <p class="cannot-undo">"This cannot be undone."</p>
            <ReasonField value=draft.reason />
            <TextField
                label="The claim's name"
                value=draft.typed
                hint="Typing it makes sure that this is the claim you mean."
            />
        </ActionDialog>
    }
}

/// Who could not be provisioned any more.
#[component]
fn Stranded(expected: Option<Count>, vins: Vec<Vin>, with_any: Option<Count>) -> impl IntoView {
    let number = expected.unwrap_or_default();
    let more = (number.number as usize).saturating_sub(NAMED);
    let named: Vec<_> = vins.into_iter().take(NAMED).map(|vin| view! { <li><VinView vin /></li> }).collect();
    let lead = match number.number {
        0 => "No vehicle is expected with this certificate.".to_owned(),
        1 => "1 vehicle is still expected with this certificate and will be stranded:".to_owned(),
        _ => format!("{number} vehicles are still expected with this certificate and will be stranded:"),
    };
    view! {
        <div class=if number.number == 0 { "notice" } else { "notice warning" } data-testid="stranded">
            <div>
                <p>
                    <strong>{lead}</strong>
                </p>
                {(!named.is_empty()).then(|| view! { <ul class="vins">{named}</ul> })}
                {(more > 0).then(|| view! { <p>{format!("and {more} more")}</p> })}
                {of_any_claim(with_any).map(|sentence| view! { <p>{sentence}</p> })}
            </div>
        </div>
    }
}
