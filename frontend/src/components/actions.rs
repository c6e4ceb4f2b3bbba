//! Buttons that may not be possible now: disabled with the reason beside them, never hidden.

use leptos::prelude::*;
use shared::{Refusal, api::Possibility};

use crate::browser;

/// One thing an operator may do.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The button's name.
    pub label: &'static str,
    /// Whether it is possible now.
    pub possibility: Possibility,
    /// Whether it cannot be undone.
    pub grave: bool,
    /// Begins it.
    pub begin: Callback<()>,
}

/// A row of buttons and, below, why some of them cannot be pressed.
#[component]
pub fn Actions(offers: Vec<Offer>) -> impl IntoView {
    let mut reasons: Vec<(Refusal, Vec<&'static str>, String)> = Vec::new();
    let buttons: Vec<_> = offers
        .into_iter()
        .map(|offer| {
            let reason = match offer.possibility {
                Possibility::Possible => None,
                Possibility::Refused(refusal) => Some(id_of_reason(&mut reasons, refusal, offer.label)),
            };
            let begin = offer.begin;
            view! {
                <button
                    type="button"
                    class=if offer.grave { "grave" } else { "" }
                    disabled=reason.is_some()
                    aria-describedby=reason
                    on:click=move |_| begin.run(())
                >
                    {offer.label}
                </button>
            }
        })
        .collect();
    let reasons = (!reasons.is_empty()).then(|| {
        let items: Vec<_> = reasons
            .into_iter()
            .map(|(refusal, labels, id)| {
                view! {
                    <li id=id>
                        <b>{labels.join(", ")} ": "</b>
                        {refusal.to_string()}
                    </li>
                }
            })
            .collect();
        view! { <ul class="reasons">{items}</ul> }
    });
    view! {
        <div class="buttons">{buttons}</div>
        {reasons}
    }
}

/// One reason may keep several buttons from being pressed: it is said once.
fn id_of_reason(
    reasons: &mut Vec<(Refusal, Vec<&'static str>, String)>,
    refusal: Refusal,
    label: &'static str,
) -> String {
    if let Some((_, labels, id)) = reasons.iter_mut().find(|(known, ..)| *known == refusal) {
        labels.push(label);
        return id.clone();
    }
    let id = browser::unique_id("reason");
    reasons.push((refusal, vec![label], id.clone()));
    id
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::mounted;

    fn offer(label: &'static str, possibility: Possibility, pressed: RwSignal<bool>) -> Offer {
        Offer { label, possibility, grave: false, begin: Callback::new(move |()| pressed.set(true)) }
    }

    #[wasm_bindgen_test]
    fn a_button_that_cannot_be_used_is_disabled_and_says_why() {
        let page = mounted(|| {
            let pressed = RwSignal::new(false);
            let offers = vec![
                offer("Revoke", Possibility::Refused(Refusal::AlreadyRevoked), pressed),
                offer("Put on hold", Possibility::Refused(Refusal::NotActive), pressed),
                offer("Release", Possibility::Refused(Refusal::AlreadyRevoked), pressed),
            ];
            view! { <Actions offers /> }
        });
        for (label, refusal) in [
            ("Revoke", Refusal::AlreadyRevoked),
            ("Put on hold", Refusal::NotActive),
            ("Release", Refusal::AlreadyRevoked),
        ] {
            let button = page.button(label);
            assert!(button.disabled());
            let reason = document().get_element_by_id(&button.get_attribute("aria-describedby").unwrap()).unwrap();
            assert!(reason.text_content().unwrap().contains(&refusal.to_string()));
        }
        assert_eq!(page.all("li").len(), 2);
    }

    #[wasm_bindgen_test]
    fn a_button_that_can_be_used_begins_its_action() {
        let pressed = std::rc::Rc::new(std::cell::Cell::new(None));
        let page = mounted({
            let seen = std::rc::Rc::clone(&pressed);
            move || {
                let pressed = RwSignal::new(false);
                seen.set(Some(pressed));
                view! { <Actions offers=vec![offer("Release", Possibility::Possible, pressed)] /> }
            }
        });
        assert!(!page.button("Release").disabled());
        page.press("Release");
        assert!(pressed.get().unwrap().get_untracked());
        assert!(page.all("li").is_empty());
    }
}
