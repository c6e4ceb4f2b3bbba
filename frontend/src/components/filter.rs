//! A filter of a list: one of several, or any.

use leptos::prelude::*;

/// What can be chosen: the value that stands in the address, and the word that is read.
pub type Choice = (String, String);

/// One of several, or any.
#[component]
pub fn Filter(
    /// The field's id in its page.
    id: &'static str,
    /// What it filters by.
    label: &'static str,
    /// What can be chosen beside any.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The value that is chosen now; empty for any.
    #[prop(into)]
    chosen: Signal<String>,
    /// Another one was chosen; empty for any.
    choose: Callback<String>,
) -> impl IntoView {
    let option = move |(value, word): Choice| {
        let wanted = value.clone();
        view! {
            <option value=value prop:selected=move || chosen.with(|chosen| *chosen == wanted)>
                {word}
            </option>
        }
    };
    let any = option((String::new(), "Any".to_owned()));
    let options = move || choices.get().into_iter().map(option).collect::<Vec<_>>();
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select id=id on:change=move |event| choose.run(event_target_value(&event))>
                {any}
                {options}
            </select>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen::JsCast;
    use wasm_bindgen_test::wasm_bindgen_test;
    use web_sys::HtmlSelectElement;

    use super::*;
    use crate::testing::{eventually, mounted};

    #[wasm_bindgen_test]
    async fn what_is_chosen_in_the_address_is_chosen_in_the_field_even_when_it_is_offered_later() {
        let page = mounted(|| {
            let choices = RwSignal::new(Vec::new());
            let chosen = Signal::stored("b".to_owned());
            let offer = move |_| choices.set(["a", "b"].map(|value| (value.to_owned(), value.to_uppercase())).to_vec());
            view! {
                <Filter id="filter" label="Letter" choices chosen choose=Callback::new(|_| ()) />
                <button on:click=offer>"Offer"</button>
            }
        });
        page.press("Offer");
        let select: HtmlSelectElement = page.one("select").unchecked_into();
        eventually("it is chosen", move || select.value() == "b").await;
        assert_eq!(page.all("option").len(), 3);
    }
}
