//! What one attempt to provision says of itself.

use leptos::prelude::*;
use shared::{AttemptOutcome, ProvisioningAttempt};

use super::badge::{Badge, of_outcome};

/// The outcome and, where it was denied, why.
#[component]
pub fn OutcomeView(outcome: AttemptOutcome) -> impl IntoView {
    let explanation = match outcome {
        AttemptOutcome::Allowed => None,
        AttemptOutcome::Denied(reason) => Some(view! { <p class="explanation">{reason.explanation()}</p> }),
    };
    view! {
        <Badge look=of_outcome(outcome) />
        {explanation}
    }
}

/// What the vehicle sent as its VIN, where that is not how we write it.
pub fn presented_otherwise(attempt: &ProvisioningAttempt) -> Option<String> {
    let presented = attempt.presented_vin.as_deref()?;
    let same = attempt.vin.as_ref().is_some_and(|vin| vin.as_str() == presented);
    (!same).then(|| presented.to_owned())
}

#[cfg(test)]
mod tests {
    use shared::DenialReason;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::{attempt, mounted};

    #[wasm_bindgen_test]
    fn every_denial_says_why() {
        for reason in DenialReason::ALL {
            let page = mounted(move || view! { <OutcomeView outcome=AttemptOutcome::Denied(reason) /> });
            assert!(page.text().contains(reason.explanation()));
        }
    }

    #[wasm_bindgen_test]
    fn a_presented_vin_is_shown_only_where_it_differs() {
        let mut attempt = attempt(AttemptOutcome::Allowed);
        assert_eq!(presented_otherwise(&attempt), None);
        attempt.presented_vin = Some("1hg-cm82633a004352".to_owned());
        assert_eq!(presented_otherwise(&attempt).as_deref(), Some("1hg-cm82633a004352"));
        attempt.vin = None;
        assert!(presented_otherwise(&attempt).is_some());
    }
}
