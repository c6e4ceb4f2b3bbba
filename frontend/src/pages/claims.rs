//! The claim certificates of this deployment, and what was done with each.

use leptos::prelude::*;
use shared::api::{ClaimCertificate, ClaimCertificatesPage as Answer, Route};

use crate::{
    address, api, browser,
    components::{
        attempt::OutcomeView,
        badge::{Badge, of_certificate},
        fingerprint::{ShortCertificateId, short},
        moment::{Ago, Day, Moment},
        states::{EmptyState, RemoteView, table_skeleton},
        vin::VinLink,
    },
    remote::{Remote, patience},
};

/// The page at `/claims`.
#[component]
pub fn ClaimsPage() -> impl IntoView {
    browser::title(|| "Claim certificates".to_owned());
    let remote = Remote::new(Signal::stored(Route::Claims), api::ask, patience);
    view! {
        <div class="page-head">
            <h1>"Claim certificates"</h1>
        </div>
        <p class="lead">
            "A plant installs one claim certificate on many vehicles. It is good for nothing but asking to be provisioned."
        </p>
        <RemoteView remote skeleton=table_skeleton let:answer>
            <ClaimsView answer />
        </RemoteView>
    }
}

/// The claim certificates.
#[component]
pub fn ClaimsView(answer: Signal<Answer>) -> impl IntoView {
    move || {
        let claims = answer.with(|answer| answer.claims.clone());
        if claims.is_empty() {
            return view! {
                <EmptyState heading="No claim certificate">
                    <p>
                        "This deployment has none, so no vehicle can ask to be provisioned. Deploying the stack makes one and keeps it in Secrets Manager."
                    </p>
                </EmptyState>
            }
            .into_any();
        }
        let rows: Vec<_> = claims.into_iter().map(|claim| view! { <ClaimRow claim /> }).collect();
        view! {
            <table class="list" role="table">
                <thead role="rowgroup">
                    <tr role="row">
                        <th scope="col" role="columnheader">
                            "Claim certificate"
                        </th>
                        <th scope="col" role="columnheader">
                            "Status"
                        </th>
                        <th scope="col" role="columnheader">
                            "Made"
                        </th>
                        <th scope="col" role="columnheader">
                            "Valid"
                        </th>
                        <th scope="col" role="columnheader">
                            "Last attempt"
                        </th>
                        <th scope="col" role="columnheader">
                            "Leads to"
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        }
        .into_any()
    }
}

#[component]
fn ClaimRow(claim: ClaimCertificate) -> impl IntoView {
    let status = match claim.status {
        Some(status) => view! { <Badge look=of_certificate(status) /> }.into_any(),
        None => view! { <span class="quiet">"AWS IoT no longer has it"</span> }.into_any(),
    };
    let made = match claim.created_at {
        Some(at) => view! {
            <Moment at />
            <br />
            <Ago at />
        }
        .into_any(),
        None => view! { <span class="quiet">"not recorded"</span> }.into_any(),
    };
    let last = match claim.last_attempt {
        Some(attempt) => view! {
            <Ago at=attempt.at />
            {attempt.vin.map(|vin| view! { <VinLink vin /> })}
            <OutcomeView outcome=attempt.outcome />
        }
        .into_any(),
        None => view! { <span class="quiet">"never used"</span> }.into_any(),
    };
    // Out of its row, a link must say whose it is.
    let name = short(&claim.id.0);
    let of = move || view! { <span class="unseen">{format!(" of {name}")}</span> };
    view! {
        <tr role="row" data-claim-id=claim.id.as_str().to_owned()>
            <td role="cell" class="head">
                <ShortCertificateId id=claim.id.0.clone() />
            </td>
            <td role="cell" data-label="Status">
                {status}
            </td>
            <td role="cell" data-label="Made">
                {made}
            </td>
            <td role="cell" data-label="Valid" class="tight">
                <div>
                {claim
                    .valid_from
                    .map(|at| view! {
                        "from "
                        <Day at />
                        <br />
                    })}
                {claim
                    .valid_until
                    .map(|at| view! {
                        "until "
                        <Day at />
                    })}
                {(claim.valid_from.is_none() && claim.valid_until.is_none())
                    .then(|| view! { <span class="quiet">"not known"</span> })}
            </div>
        </td>
            <td role="cell" data-label="Last attempt" class="stack">
                {last}
            </td>
            <td role="cell" data-label="Leads to" class="tight">
                <div>
                <a href=address::of_vehicles_by(&claim.id)>"vehicles" {of()}</a>
                " · "
                <a href=address::of_attempts_by(&claim.id)>"attempts" {of()}</a>
            </div>
        </td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use shared::{AttemptOutcome, CertificateStatus, ClaimCertificateId, DenialReason};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::{attempt, certificate_id, mounted};

    #[wasm_bindgen_test]
    fn a_claim_leads_to_its_vehicles_and_attempts() {
        let id = ClaimCertificateId(certificate_id('c'));
        let claim = ClaimCertificate {
            id: id.clone(),
            status: Some(CertificateStatus::Active),
            created_at: None,
            valid_from: None,
            valid_until: None,
            last_attempt: Some(attempt(AttemptOutcome::Denied(DenialReason::Revoked))),
        };
        let page = mounted(move || view! { <ClaimsView answer=Signal::stored(Answer { claims: vec![claim] }) /> });
        assert!(page.text().contains("Denied: revoked"));
        for address in [address::of_vehicles_by(&id), address::of_attempts_by(&id)] {
            assert_eq!(page.all(&format!("a[href='{address}']")).len(), 1);
        }
    }

    #[wasm_bindgen_test]
    fn no_claim_certificate_says_what_that_means() {
        let page = mounted(|| view! { <ClaimsView answer=Signal::stored(Answer::default()) /> });
        assert!(page.text().contains("no vehicle can ask to be provisioned"));
    }
}
