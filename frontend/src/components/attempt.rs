//! What one attempt to provision says of itself.

use leptos::prelude::*;
use shared::{AttemptOutcome, AuthorityId, ClaimCertificateId, ProvisioningAttempt};

use super::{
    badge::{Badge, of_outcome},
    fingerprint::short,
};
use crate::address;

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

/// By which of the ways to a certificate it came: a claim, a registered authority just in time, or an operator.
#[component]
pub fn OriginView(
    /// The claim certificate it asked with.
    claim: Option<ClaimCertificateId>,
    /// The authority that signed its certificate.
    authority: Option<AuthorityId>,
    /// The operator who issued it.
    issued_by: Option<String>,
) -> impl IntoView {
    let under = authority.map(|authority| {
        view! {
            "under authority "
            <a href="/authorities" title=authority.as_str().to_owned()>
                <code>{short(&authority.0)}</code>
            </a>
        }
    });
    match (issued_by, claim) {
        (Some(operator), _) => {
            let under = under.map(|under| view! { ", " {under} });
            view! { "issued by " {operator} {under} }.into_any()
        }
        (None, Some(claim)) => view! {
            "with claim "
            <a href=address::of_claim(&claim) title=claim.as_str().to_owned()>
                <code>{short(&claim.0)}</code>
            </a>
        }
        .into_any(),
        (None, None) if under.is_some() => view! { "just in time, " {under} }.into_any(),
        (None, None) => view! { <span class="quiet">"no claim certificate recorded"</span> }.into_any(),
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
    fn every_way_to_a_certificate_is_told_from_the_others() {
        let id = crate::testing::certificate_id;
        let told = |claim: bool, authority: bool, issued_by: Option<&str>| {
            let issued_by = issued_by.map(str::to_owned);
            let claim = claim.then(|| ClaimCertificateId(id('c')));
            let authority = authority.then(|| AuthorityId(id('e')));
            mounted(move || view! { <OriginView claim authority issued_by /> }).text()
        };
        assert!(told(true, false, None).starts_with("with claim"));
        assert!(told(false, true, None).starts_with("just in time, under authority"));
        assert!(told(false, false, Some("anna")).starts_with("issued by anna"));
        assert!(told(false, true, Some("anna")).contains("anna, under authority"));
        assert!(told(false, false, None).contains("no claim"));
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
