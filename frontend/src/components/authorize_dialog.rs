//! Authorizes a VIN to be provisioned.

use leptos::{ev::SubmitEvent, html, prelude::*};
use shared::{
    ClaimName,
    api::{ApiError, Authorize, ClaimNames, Done, Route},
};

use super::{
    action_dialog::Carry,
    dialog::Dialog,
    field::TextField,
    icon::{Icon, IconView},
};
use crate::{api, browser};

/// What was typed. It outlives the dialog, so that closing it loses nothing.
#[derive(Clone, Copy, Debug)]
pub struct AuthorizeDraft {
    /// The VIN as typed.
    pub vin: RwSignal<String>,
    /// The manufacturer.
    pub make: RwSignal<String>,
    /// The model.
    pub model: RwSignal<String>,
    /// The model year.
    pub year: RwSignal<String>,
    /// The name of the claim it is to come with; empty for the one that every deployment has.
    pub claim: RwSignal<String>,
}

impl AuthorizeDraft {
    /// Nothing typed yet.
    pub fn empty() -> Self {
        let nothing = || RwSignal::new(String::new());
        AuthorizeDraft { vin: nothing(), make: nothing(), model: nothing(), year: nothing(), claim: nothing() }
    }

    /// Begins with what is known of the vehicle.
    pub fn begin(self, vin: &str, make: Option<&str>, model: Option<&str>, year: Option<&str>) {
        for (field, known) in [(self.vin, Some(vin)), (self.make, make), (self.model, model), (self.year, year)] {
            if let Some(known) = known {
                field.set(known.to_owned());
            }
        }
    }

    /// Forgets what was typed once it was used.
    pub fn clear(self) {
        for field in [self.vin, self.make, self.model, self.year, self.claim] {
            field.set(String::new());
        }
    }

    fn read(self) -> Authorize {
        let text = |field: RwSignal<String>| field.with_untracked(|text| text.trim().to_owned());
        let claim = ClaimName::try_from(text(self.claim)).ok();
        Authorize { vin: text(self.vin), make: text(self.make), model: text(self.model), year: text(self.year), claim }
    }
}

/// Asks for the VIN and what the vehicle is. What is wrong is told at its field.
#[component]
pub fn AuthorizeDialog(
    /// What was typed so far.
    draft: AuthorizeDraft,
    /// Carries it out.
    carry: Carry<Authorize>,
    /// It was carried out, for this VIN.
    done: Callback<(String, Done)>,
    /// The dialog is to be taken away.
    close: Callback<()>,
) -> impl IntoView {
    let carry = StoredValue::new_local(carry);
    // The same type as every other dialog's, so that it is compiled once.
    let action = Action::new_unsync(move |(): &()| carry.with_value(|carry| carry(draft.read())));
    let busy: Signal<bool> = action.pending().into();
    let answer = action.value();
    let tried = RwSignal::new(None::<Authorize>);
    let vin_input = NodeRef::<html::Input>::new();
    let failure = Memo::new(move |_| answer.with(|answer| answer.as_ref()?.as_ref().err().cloned()));
    Effect::new(move |_| {
        if let Some(Ok(outcome)) = answer.get() {
            done.run((draft.read().vin, outcome));
        }
    });
    Effect::new(move |_| {
        if failure.with(|failure| matches!(failure, Some(ApiError::InvalidVin { .. }))) {
            focus(vin_input);
        }
    });
    // What the edge objected to is wrong until it is changed.
    let vin_problem = Signal::derive(move || {
        let tried = tried.get().filter(|tried| draft.vin.with(|vin| vin.trim() == tried.vin))?;
        match failure.get() {
            Some(ApiError::InvalidVin { problem }) => Some(problem),
            _ => tried.vin.is_empty().then(|| "Enter the vehicle identification number.".to_owned()),
        }
    });
    let missing = move |field: RwSignal<String>, sentence: &'static str| {
        Signal::derive(move || {
            let empty = field.with(|text| text.trim().is_empty());
            (tried.with(Option::is_some) && empty).then(|| sentence.to_owned())
        })
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let request = draft.read();
        tried.set(Some(request.clone()));
        if request.vin.is_empty() {
            focus(vin_input);
        } else if [&request.make, &request.model, &request.year].iter().all(|field| !field.is_empty()) {
            action.dispatch(());
        }
    };
    let told = move || {
        let error = failure.get().filter(|error| !busy.get() && !matches!(error, ApiError::InvalidVin { .. }))?;
        let sentence = match error {
            ApiError::Offline => {
                "The console's server did not answer. Nothing you typed is lost: try again in a moment.".to_owned()
            }
            error => error.to_string(),
        };
        Some(view! {
            <div class="notice danger">
                <IconView icon=Icon::Warning />
                <p>{sentence}</p>
            </div>
        })
    };
    view! {
        <Dialog title="Authorize a vehicle" busy close>
            <form on:submit=submit novalidate>
                <p class="lead">
                    "From then on this vehicle may provision itself once, with any claim certificate of this deployment."
                </p>
                <TextField
                    label="VIN"
                    value=draft.vin
                    problem=vin_problem
                    exact=true
                    first=true
                    node=vin_input
                    hint="As in the vehicle's papers. Lower case, spaces and hyphens are fine."
                />
                <TextField label="Make" value=draft.make problem=missing(draft.make, "Enter the manufacturer.") />
                <div class="pair">
                    <TextField label="Model" value=draft.model problem=missing(draft.model, "Enter the model.") />
                    <TextField label="Model year" value=draft.year problem=missing(draft.year, "Enter the model year.") />
                </div>
                <ClaimChoice chosen=draft.claim />
                <div role="alert">{told}</div>
                <div class="buttons end">
                    <span class="working" role="status">
                        {move || busy.get().then_some("Working…")}
                    </span>
                    <button type="button" on:click=move |_| {
                        if !busy.get_untracked() {
                            close.run(());
                        }
                    }>
                        "Cancel"
                    </button>
                    <button type="submit" class="primary" aria-disabled=move || busy.get().then_some("true")>
                        "Authorize vehicle"
                    </button>
                </div>
            </form>
        </Dialog>
    }
}

/// Which claim the vehicle is to come with, where there is more than one. Without an answer it is the one that every
/// deployment has, which is what the edge takes then.
#[component]
fn ClaimChoice(chosen: RwSignal<String>) -> impl IntoView {
    let names = LocalResource::new(|| api::ask::<ClaimNames>(Route::ClaimNames));
    let id = browser::unique_id("claim");
    move || {
        let names = names.get()?.ok()?.names;
        let options: Vec<_> = names
            .iter()
            .map(ToString::to_string)
            .map(|name| {
                let value = if name == "default" { String::new() } else { name.clone() };
                let is_chosen = value.clone();
                view! {
                    <option value=value prop:selected=move || chosen.with(|chosen| *chosen == is_chosen)>
                        {name}
                    </option>
                }
            })
            .collect();
        let id = id.clone();
        (options.len() > 1).then(|| {
            view! {
                <div class="field">
                    <label for=id.clone()>"Claim it is built with"</label>
                    <select id=id on:change=move |event| chosen.set(event_target_value(&event))>
                        {options}
                    </select>
                    <p class="hint">
                        "Any claim certificate lets it in. Whoever takes this one out of use sees that the vehicle is still to come."
                    </p>
                </div>
            }
        })
    }
}

fn focus(input: NodeRef<html::Input>) {
    if let Some(input) = input.get_untracked() {
        let _ = input.focus();
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::{Page, eventually, mounted};

    fn dialog(answer: Result<Done, ApiError>) -> (Page, Rc<RefCell<Vec<Authorize>>>) {
        let asked = Rc::new(RefCell::new(Vec::new()));
        let by = Rc::clone(&asked);
        let page = mounted(move || {
            let carry: Carry<Authorize> = Rc::new(move |request| {
                by.borrow_mut().push(request);
                let answer = answer.clone();
                Box::pin(async move { answer })
            });
            let draft = AuthorizeDraft::empty();
            view! { <AuthorizeDialog draft carry done=Callback::new(|_| ()) close=Callback::new(|()| ()) /> }
        });
        (page, asked)
    }

    fn fill(page: &Page, vin: &str) {
        for (input, text) in page.all("input").iter().zip([vin, "Honda", "Accord", "2003"]) {
            Page::enter_into(input, text);
        }
    }

    #[wasm_bindgen_test]
    async fn what_is_missing_is_told_at_its_field_before_anything_is_sent() {
        let (page, asked) = dialog(Err(ApiError::Offline));
        fill(&page, " ");
        page.press("Authorize vehicle");
        let seen = page.clone();
        eventually("the problem is told", move || seen.text().contains("Enter the vehicle identification number"))
            .await;
        assert_eq!(page.all("input")[0].get_attribute("aria-invalid").as_deref(), Some("true"));
        assert!(asked.borrow().is_empty());
    }

    #[wasm_bindgen_test]
    async fn the_servers_objection_is_told_at_the_field_and_nothing_typed_is_lost() {
        let (page, asked) = dialog(Err(ApiError::InvalidVin { problem: "This VIN is a trailer's.".to_owned() }));
        fill(&page, "1hg-cm82633a004352");
        page.press("Authorize vehicle");
        let seen = page.clone();
        eventually("the objection is told", move || seen.text().contains("This VIN is a trailer's.")).await;
        assert_eq!(page.value("input"), "1hg-cm82633a004352");
        assert_eq!(asked.borrow()[0].make, "Honda");
    }
}
