//! Opens the window in which one vehicle may be provisioned once more.

use std::rc::Rc;

use leptos::prelude::*;
use shared::{
    VehicleStanding, Vin,
    api::{Done, OpenTicket},
};

use super::{
    action_dialog::{ActionDialog, Carry, problem_with_reason},
    field::ReasonField,
    vin::VinView,
};
use crate::browser;

/// The windows offered, in minutes. The shortest that will do is the safest, so it comes first and is chosen.
const WINDOWS: [(u32, &str); 4] =
    [(15, "15 minutes"), (60, "1 hour"), (24 * 60, "24 hours"), (OpenTicket::LONGEST_MINUTES, "7 days")];

/// What was typed and chosen. It outlives the dialog, so that closing it loses nothing.
#[derive(Clone, Copy, Debug)]
pub struct TicketDraft {
    /// Why.
    pub reason: RwSignal<String>,
    /// How long, in minutes.
    pub minutes: RwSignal<u32>,
}

impl TicketDraft {
    /// Nothing typed yet.
    pub fn empty() -> Self {
        TicketDraft { reason: RwSignal::new(String::new()), minutes: RwSignal::new(WINDOWS[0].0) }
    }

    /// Forgets what was typed once it was used.
    pub fn clear(self) {
        self.reason.set(String::new());
        self.minutes.set(WINDOWS[0].0);
    }
}

/// Asks for the window and the reason.
#[component]
pub fn ReprovisionDialog(
    /// The vehicle.
    vin: Vin,
    /// Where it stands.
    standing: VehicleStanding,
    /// What was typed so far.
    draft: TicketDraft,
    /// Carries it out.
    carry: Carry<OpenTicket>,
    /// It was carried out.
    done: Callback<Done>,
    /// The dialog is to be taken away.
    close: Callback<()>,
) -> impl IntoView {
    let missing = Signal::derive(move || Vec::from_iter(draft.reason.with(|reason| problem_with_reason(reason))));
    let carry: Carry<()> = Rc::new(move |()| {
        let reason = draft.reason.with_untracked(|reason| reason.trim().to_owned());
        carry(OpenTicket { reason, minutes: draft.minutes.get_untracked() })
    });
    let meanwhile = match standing {
        VehicleStanding::Connected | VehicleStanding::Provisioned => {
            "Until then the vehicle keeps working with its present certificate, which is retired only after the new one is registered."
        }
        _ => "Until then the vehicle stays as it is.",
    };
    let group = browser::unique_id("window");
    let windows: Vec<_> = WINDOWS
        .into_iter()
        .map(|(minutes, words)| {
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name=group.clone()
                        value=minutes
                        prop:checked=move || draft.minutes.get() == minutes
                        on:change=move |_| draft.minutes.set(minutes)
                    />
                    {words}
                </label>
            }
        })
        .collect();
    view! {
        <ActionDialog title="Let this vehicle provision itself again?" confirm="Open ticket" missing carry done close>
            <dl class="subject">
                <dt>"Vehicle"</dt>
                <dd>
                    <VinView vin=vin.clone() />
                </dd>
            </dl>
            <p class="lead">"What will happen:"</p>
            <ul class="consequences">
                <li>
                    "A ticket opens. The first device that presents this VIN with a valid claim certificate before it ends gets a new certificate, and the ticket is used up."
                </li>
                <li>{meanwhile}</li>
                <li>
                    "Whoever holds a claim certificate and knows this VIN could use the ticket: open it when the vehicle is at hand, and no longer than needed."
                </li>
            </ul>
            <fieldset>
                <legend>"Open for"</legend>
                <div class="choices">{windows}</div>
            </fieldset>
            <ReasonField value=draft.reason />
        </ActionDialog>
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::{eventually, mounted, vin};

    #[wasm_bindgen_test]
    async fn the_chosen_window_and_the_reason_make_the_ticket() {
        let asked = Rc::new(RefCell::new(None));
        let page = mounted({
            let asked = Rc::clone(&asked);
            move || {
                let carry: Carry<OpenTicket> = Rc::new(move |ticket| {
                    *asked.borrow_mut() = Some(ticket);
                    Box::pin(async { Ok(Done::default()) })
                });
                view! {
                    <ReprovisionDialog
                        vin=vin()
                        standing=VehicleStanding::Revoked
                        draft=TicketDraft::empty()
                        carry
                        done=Callback::new(|_| ())
                        close=Callback::new(|()| ())
                    />
                }
            }
        });
        assert!(page.button("Open ticket").disabled());
        page.click("input[value='1440']");
        page.enter("textarea", "New telematics unit fitted");
        let seen = page.clone();
        eventually("it can be confirmed", move || !seen.button("Open ticket").disabled()).await;
        page.press("Open ticket");
        let wanted = OpenTicket { reason: "New telematics unit fitted".to_owned(), minutes: 1_440 };
        eventually("the ticket is asked for", move || *asked.borrow() == Some(wanted.clone())).await;
    }
}
