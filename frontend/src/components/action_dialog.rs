//! Confirm, call, tell: what every action's dialog has in common.

use std::{future::Future, pin::Pin, rc::Rc};

use leptos::{ev::SubmitEvent, prelude::*};
use shared::api::{ApiError, Done, Reason};

use super::{
    dialog::Dialog,
    icon::{Icon, IconView},
};
use crate::browser;

/// The answer to an action, still to come.
pub type Outcome = Pin<Box<dyn Future<Output = Result<Done, ApiError>>>>;

/// Carries out an action with what the operator said.
pub type Carry<Input> = Rc<dyn Fn(Input) -> Outcome>;

/// What the operator has yet to do before an action can be confirmed.
pub type Missing = Vec<String>;

/// A dialog that says what an action will do, carries it out once it is confirmed, and stays open with everything that
/// was typed when that fails.
#[component]
pub fn ActionDialog(
    /// What will be done, and to what.
    #[prop(into)]
    title: String,
    /// The confirming button's name.
    confirm: &'static str,
    /// Whether it cannot be undone.
    #[prop(optional)]
    grave: bool,
    /// What the operator has yet to do before it can be confirmed.
    missing: Signal<Missing>,
    /// Carries out what was typed and chosen.
    carry: Carry<()>,
    /// It was carried out.
    done: Callback<Done>,
    /// The dialog is to be taken away.
    close: Callback<()>,
    /// The consequences, and the fields.
    children: Children,
) -> impl IntoView {
    let carry = StoredValue::new_local(carry);
    let action = Action::new_unsync(move |(): &()| carry.with_value(|carry| carry(())));
    let busy: Signal<bool> = action.pending().into();
    let answer = action.value();
    Effect::new(move |_| {
        if let Some(Ok(outcome)) = answer.get() {
            done.run(outcome);
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if missing.with_untracked(Vec::is_empty) && !busy.get_untracked() {
            action.dispatch(());
        }
    };
    let missing_id = browser::unique_id("missing");
    let described_by = missing_id.clone();
    let still_missing = move || {
        let missing = missing.get();
        let items: Vec<_> = missing.into_iter().map(|missing| view! { <li>{missing}</li> }).collect();
        (!items.is_empty()).then(|| view! { <ul class="missing">{items}</ul> })
    };
    let failure = move || match answer.get() {
        Some(Err(error)) if !busy.get() => Some(view! { <Failure error /> }),
        _ => None,
    };
    view! {
        <Dialog title busy close>
            <form on:submit=submit>
                {children()}
                <div id=missing_id>{still_missing}</div>
                <div role="alert">{failure}</div>
                <div class="buttons end">
                    <span class="working" role="status">
                        {move || busy.get().then_some("Working. AWS can take a few seconds.")}
                    </span>
                    <button type="button" aria-disabled=move || busy.get().to_string() on:click=move |_| {
                        if !busy.get_untracked() {
                            close.run(());
                        }
                    }>
                        "Cancel"
                    </button>
                    <button
                        type="submit"
                        class=if grave { "primary grave" } else { "primary" }
                        disabled=move || !missing.with(Vec::is_empty)
                        aria-disabled=move || busy.get().then_some("true")
                        aria-describedby=described_by
                    >
                        {confirm}
                    </button>
                </div>
            </form>
        </Dialog>
    }
}

/// Why an action failed. Where it may have been carried out nevertheless, that is said.
#[component]
fn Failure(error: ApiError) -> impl IntoView {
    let unknown = error.is_passing().then_some(
        " It is not certain whether anything was done. Pressing the button again is safe: what was done already is not done twice.",
    );
    let sentence = match &error {
        // The general sentence says that the page tries again, and an action is never repeated by itself.
        ApiError::Offline => "The console's server did not answer.".to_owned(),
        error => error.to_string(),
    };
    view! {
        <div class="notice danger">
            <IconView icon=Icon::Warning />
            <p>
                {sentence}
                {unknown}
            </p>
        </div>
    }
}

/// What is wrong with a reason, if anything.
pub fn problem_with_reason(reason: &str) -> Option<String> {
    Reason::checked(reason).err().map(|refusal| refusal.to_string())
}
