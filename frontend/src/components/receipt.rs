//! What an action did, at the top of the page until it is put away.

use leptos::prelude::*;
use shared::api::Done;

use super::{
    download_receipt::DownloadReceipt,
    icon::{Icon, IconView},
    steps::Steps,
};
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
            let all_well = done.is_whole();
            let conclusion = done.receipt.as_ref().map(|receipt| receipt.conclusion.clone());
            let download = done.receipt.map(|receipt| view! { <DownloadReceipt receipt=*receipt /> });
            let steps = done.steps;
            view! {
                <section id=RECEIPT tabindex="-1" class=if all_well { "receipt" } else { "receipt warning" } data-testid="receipt">
                    <IconView icon=if all_well { Icon::Confirmed } else { Icon::Warning } />
                    <div>
                        <h2>{title}</h2>
                        {conclusion.map(|conclusion| view! { <p>{conclusion}</p> })}
                        <Steps steps />
                        {download}
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
    use crate::testing::{eventually, mounted, receipt};

    #[wasm_bindgen_test]
    async fn a_receipt_tells_every_step_and_warning_until_it_is_dismissed() {
        let page = mounted(|| {
            let receipt = RwSignal::new(Some(Receipt {
                title: "Certificate revoked".to_owned(),
                done: Done { steps: receipt().steps, receipt: Some(Box::new(receipt())) },
                link: None,
            }));
            view! { <ReceiptView receipt /> }
        });
        for told in ["Certificate revoked", &receipt().conclusion, "close the door", "AWS IoT did not say."] {
            assert!(page.text().contains(told), "{told}");
        }
        assert_eq!(page.all(".receipt.warning").len(), 1);
        assert!(!page.button("Download receipt").disabled());
        page.click("[aria-label='Dismiss']");
        let seen = page.clone();
        eventually("it is gone", move || seen.text().is_empty()).await;
    }
}
