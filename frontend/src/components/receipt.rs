//! What an action did, at the top of the page until it is put away.

use leptos::prelude::*;
use shared::api::Done;

use super::icon::{Icon, IconView};
use crate::browser;

const RECEIPT: &str = "receipt";

/// The outcome of one action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// What was done, in a few words.
    pub title: String,
    /// The steps, and what could not be done or proven.
    pub done: Done,
    /// Where to go on: a name and an address.
    pub link: Option<(&'static str, String)>,
}

/// The receipt that is shown now.
pub type CurrentReceipt = RwSignal<Option<Receipt>>;

/// Keeps the receipt for every component below.
pub fn provide_receipt() -> CurrentReceipt {
    let receipt = RwSignal::new(None::<Receipt>);
    provide_context(receipt);
    receipt
}

/// Where a page puts the receipt of its actions.
pub fn current_receipt() -> CurrentReceipt {
    use_context().unwrap_or_else(|| RwSignal::new(None))
}

/// The receipt, announced when it comes.
#[component]
pub fn ReceiptView(receipt: CurrentReceipt) -> impl IntoView {
    let dismiss = move |_| {
        receipt.set(None);
        browser::focus(browser::MAIN);
    };
    let shown = move || {
        receipt.get().map(|Receipt { title, done, link }| {
            let all_well = done.warnings.is_empty();
            let steps: Vec<_> = done.steps.into_iter().map(|step| view! { <li>{step}</li> }).collect();
            let warnings: Vec<_> = done
                .warnings
                .into_iter()
                .map(|warning| {
                    view! {
                        <li class="warned">
                            <IconView icon=Icon::Warning />
                            {warning}
                        </li>
                    }
                })
                .collect();
            view! {
                <section id=RECEIPT tabindex="-1" class=if all_well { "receipt" } else { "receipt warning" } data-testid="receipt">
                    <IconView icon=if all_well { Icon::Confirmed } else { Icon::Warning } />
                    <div>
                        <h2>{title}</h2>
                        <ul>{steps}{warnings}</ul>
                        {link.map(|(name, address)| view! { <a href=address>{name}</a> })}
                    </div>
                    <button type="button" class="small" aria-label="Dismiss" title="Dismiss" on:click=dismiss>
                        <IconView icon=Icon::Cross />
                    </button>
                </section>
            }
        })
    };
    // The focus goes there: what was pressed is often gone after the action, and nobody should have to look for it.
    Effect::new(move |_| {
        if receipt.with(Option::is_some) {
            request_animation_frame(|| browser::focus(RECEIPT));
        }
    });
    view! {
        <div role="status" class="receipts">
            {shown}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::{eventually, mounted};

    #[wasm_bindgen_test]
    async fn a_receipt_tells_every_step_and_warning_until_it_is_dismissed() {
        let page = mounted(|| {
            let receipt = RwSignal::new(Some(Receipt {
                title: "Certificate revoked".to_owned(),
                done: Done {
                    steps: vec!["It is withdrawn.".to_owned(), "The ticket is closed.".to_owned()],
                    warnings: vec!["The live connection could not be cut.".to_owned()],
                },
                link: None,
            }));
            view! { <ReceiptView receipt /> }
        });
        for told in ["Certificate revoked", "It is withdrawn.", "The ticket is closed.", "could not be cut"] {
            assert!(page.text().contains(told), "{told}");
        }
        page.click("button");
        let seen = page.clone();
        eventually("it is gone", move || seen.text().is_empty()).await;
    }
}
