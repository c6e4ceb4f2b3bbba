//! What operators did to the vehicle's certificates, newest first, each with its proof.

use leptos::prelude::*;
use shared::{
    Receipt, Vin,
    api::{ApiError, CertificateAction, Cursor, ReceiptsPage, Route},
};

use crate::{
    api,
    components::{
        badge::{Badge, of_receipt},
        download_receipt::DownloadReceipt,
        fingerprint::short,
        moment::{Ago, Moment},
        steps::Steps,
    },
};

/// The receipts of one vehicle.
#[component]
pub fn Receipts(
    /// The vehicle.
    vin: Vin,
    /// The latest, newest first.
    receipts: Vec<Receipt>,
    /// Where older ones go on.
    more: Option<Cursor>,
) -> impl IntoView {
    let none = receipts.is_empty().then(|| {
        view! { <p class="quiet">"No operator has revoked, held or released a certificate of this vehicle yet."</p> }
    });
    let items = drawn(receipts);
    view! {
        <section aria-labelledby="receipts">
            <h2 id="receipts">"Receipts"</h2>
            {none}
            <ol class="kept">{items}</ol>
            {more.map(|more| view! { <Older vin more /> })}
        </section>
    }
}

/// Older receipts, a page at a time, when somebody asks for them.
#[component]
fn Older(vin: Vin, more: Cursor) -> impl IntoView {
    let older = RwSignal::new(Vec::<Receipt>::new());
    let next = RwSignal::new(Some(more));
    let failed = RwSignal::new(None::<ApiError>);
    let asked = Action::new_unsync(move |cursor: &Option<Cursor>| {
        let route = Route::Receipts(vin.as_str().to_owned(), cursor.clone());
        async move {
            match api::ask::<ReceiptsPage>(route).await {
                Ok(page) => {
                    older.update(|older| older.extend(page.receipts));
                    next.set(page.next);
                    failed.set(None);
                }
                Err(error) => failed.set(Some(error)),
            }
        }
    });
    view! {
        <ol class="kept">{move || drawn(older.get())}</ol>
        <div role="alert">{move || failed.get().map(|error| view! { <p>{error.to_string()}</p> })}</div>
        {move || {
            next.get()
                .map(|cursor| {
                    view! {
                        <button
                            type="button"
                            class="small"
                            disabled=move || asked.pending().get()
                            on:click=move |_| {
                                asked.dispatch(Some(cursor.clone()));
                            }
                        >
                            "Show older receipts"
                        </button>
                    }
                })
        }}
    }
}

fn drawn(receipts: Vec<Receipt>) -> Vec<AnyView> {
    receipts.into_iter().map(|receipt| view! { <OneReceipt receipt /> }.into_any()).collect()
}

#[component]
fn OneReceipt(receipt: Receipt) -> impl IntoView {
    let word = match receipt.action {
        CertificateAction::Revoke => "Revoke",
        CertificateAction::Hold => "Put on hold",
        CertificateAction::Release => "Release",
    };
    let id = receipt.certificate_id.clone();
    let (steps, outcome, is_unfinished) = (receipt.steps.clone(), receipt.outcome, receipt.is_unfinished());
    view! {
        <li data-receipt=outcome.as_str()>
            <details open=is_unfinished>
                <summary>
                    <strong>{word}</strong>
                    " "
                    <Moment at=receipt.began_at />
                    " "
                    <Ago at=receipt.began_at />
                    " "
                    <Badge look=of_receipt(outcome) />
                </summary>
                <p>{receipt.conclusion.clone()}</p>
                <p class="quiet">
                    "By " {receipt.operator.clone()} ", certificate "
                    <code title=id.as_str().to_owned()>{short(&id)}</code> ": "
                    <q class="said">{receipt.reason.clone()}</q>
                </p>
                <Steps steps />
                <DownloadReceipt receipt />
            </details>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use shared::ReceiptOutcome;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::{mounted, receipt, vin};

    #[wasm_bindgen_test]
    fn a_receipt_tells_who_why_what_and_what_was_not_proven() {
        let page = mounted(|| view! { <Receipts vin=vin() receipts=vec![receipt()] more=None /> });
        for told in ["Revoke", "an-operator", "Stolen from the yard", "Done, not all proven", "AWS IoT did not say."] {
            assert!(page.text().contains(told), "{told}");
        }
        assert_eq!(page.all("details[open]").len(), 0);
        assert!(!page.button("Download receipt").disabled());
    }

    #[wasm_bindgen_test]
    fn an_interrupted_action_is_open_and_says_to_repeat_it() {
        let begun = Receipt {
            ended_at: None,
            outcome: ReceiptOutcome::Interrupted,
            conclusion: "Interrupted: repeat the action.".to_owned(),
            ..receipt()
        };
        let page = mounted(move || view! { <Receipts vin=vin() receipts=vec![begun.clone()] more=None /> });
        assert_eq!(page.all("details[open]").len(), 1);
        assert!(page.text().contains("repeat the action"), "{}", page.text());
    }
}
