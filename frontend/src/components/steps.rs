//! The steps of an action, each with its time and its proof; what could not be proven is marked by a word and an icon.

use leptos::prelude::*;
use shared::{ReceiptStep, StepOutcome};

use super::{
    fingerprint::ids_in_short,
    icon::{Icon, IconView},
    moment::Instant,
};

/// Every step in its order. Ids are written in short: the whole of them is in the receipt that can be downloaded.
#[component]
pub fn Steps(steps: Vec<ReceiptStep>) -> impl IntoView {
    let items: Vec<_> = steps.into_iter().map(|step| view! { <Step step /> }).collect();
    view! { <ol class="taken-steps">{items}</ol> }
}

#[component]
fn Step(step: ReceiptStep) -> impl IntoView {
    let ReceiptStep { what, at, outcome, proof } = step;
    let (icon, mark) = match outcome {
        StepOutcome::Done => (Icon::Check, None),
        StepOutcome::NotProven => (Icon::Warning, Some("Not proven: ")),
        StepOutcome::Failed => (Icon::Denied, Some("Failed: ")),
    };
    view! {
        <li class="step" data-outcome=outcome.as_str()>
            <IconView icon />
            <span>
                {mark.map(|mark| view! { <strong>{mark}</strong> })}
                {ids_in_short(&what)}
                {proof.map(|proof| view! { <span class="step-proof">{ids_in_short(&proof)}</span> })}
            </span>
            <Instant at />
        </li>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::mounted;

    #[wasm_bindgen_test]
    fn what_was_not_proven_is_told_apart_by_a_word() {
        let page = mounted(|| {
            let step = |what: &str, outcome, proof: &str| ReceiptStep {
                what: what.to_owned(),
                at: "2026-11-23T10:00:01Z".parse().unwrap(),
                outcome,
                proof: Some(proof.to_owned()),
            };
            let steps = vec![
                step("revoke the certificate", StepOutcome::Done, "reported REVOKED"),
                step("cut the connection", StepOutcome::NotProven, "AWS IoT did not say."),
                step("record it", StepOutcome::Failed, "The table is not to be reached."),
            ];
            view! { <Steps steps /> }
        });
        for told in ["reported REVOKED", "AWS IoT did not say.", "The table is not to be reached."] {
            assert!(page.text().contains(told), "{told}");
        }
        let words: Vec<_> = page.all("strong").iter().filter_map(|word| word.text_content()).collect();
        assert_eq!(words, ["Not proven: ", "Failed: "]);
        assert_eq!(page.all("time").len(), 3);
    }
}
