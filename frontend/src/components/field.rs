//! Fields of forms: each with its label, its hint and what is wrong with it.

use leptos::{html, prelude::*};

use crate::browser;

/// A line of text.
#[component]
pub fn TextField(
    /// What it is.
    label: &'static str,
    /// What is typed.
    value: RwSignal<String>,
    /// What is wrong with it, if anything.
    #[prop(into, optional)]
    problem: Signal<Option<String>>,
    /// What helps to fill it in.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// Whether it is an identifier, to be compared letter by letter.
    #[prop(optional)]
    exact: bool,
    /// Whether the focus begins here.
    #[prop(optional)]
    first: bool,
    /// The input itself, for those who move the focus to it.
    #[prop(optional)]
    node: NodeRef<html::Input>,
) -> impl IntoView {
    let id = browser::unique_id("field");
    let notes = browser::unique_id("notes");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                node_ref=node
                type="text"
                id=id
                class:exact=exact
                autofocus=first
                autocomplete="off"
                autocapitalize=exact.then_some("characters")
                spellcheck="false"
                aria-describedby=notes.clone()
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
            <div id=notes>
                {hint.map(|hint| view! { <p class="hint">{hint}</p> })}
                {move || problem.get().map(|problem| view! { <p class="problem">{problem}</p> })}
            </div>
        </div>
    }
}

/// An operator's reason for an action.
#[component]
pub fn ReasonField(
    /// What is typed.
    value: RwSignal<String>,
    /// Whether the focus begins here.
    #[prop(default = true)]
    first: bool,
) -> impl IntoView {
    let id = browser::unique_id("reason");
    let notes = browser::unique_id("notes");
    view! {
        <div class="field">
            <label for=id.clone()>"Reason"</label>
            <textarea
                id=id
                rows="3"
                autofocus=first
                aria-describedby=notes.clone()
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
            <p id=notes class="hint split">
                <span>"Kept with the record, for whoever looks later."</span>
                <span>{move || format!("{} of 500", value.with(|value| value.trim().chars().count()))}</span>
            </p>
        </div>
    }
}
