//! The claim certificates of this deployment, and what was done with each.

mod burn_dialog;
mod create_dialog;
pub mod one;
mod rotate_dialog;
mod state;

use std::rc::Rc;

use leptos::prelude::*;
use shared::{
    ClaimState,
    api::{ClaimCertificate, ClaimCertificatesPage as Answer, CreateClaim, Route},
};

use self::{
    create_dialog::CreateDialog,
    state::{Counted, of_claim},
};
use crate::{
    address, api, browser,
    components::{
        action_dialog::Carry,
        attempt::OutcomeView,
        badge::{Badge, of_certificate},
        fingerprint::ShortCertificateId,
        icon::{Icon, IconView},
        moment::{Ago, Day},
        receipt::{Receipt, current_receipt},
        states::{EmptyState, RemoteView, table_skeleton},
        unreadable::UnreadableRows,
        vin::VinLink,
    },
    remote::{Remote, patience},
};

/// The page at `/claims`.
#[component]
pub fn ClaimsPage() -> impl IntoView {
    browser::title(|| "Claim certificates".to_owned());
    let remote = Remote::new(Signal::stored(Route::Claims), api::ask, patience);
    let dialog = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let receipt = current_receipt();
    let carry: Carry<String> =
        Rc::new(|name| Box::pin(async move { api::call(&Route::CreateClaim, Some(&CreateClaim { name })).await }));
    let carry = StoredValue::new_local(carry);
    let done = Callback::new(move |done| {
        let title = format!("Claim {} made", name.with_untracked(|name| name.trim().to_owned()));
        dialog.set(false);
        name.set(String::new());
        receipt.set(Some(Receipt { title, done, link: None }));
        remote.refetch();
    });
    view! {
        <div class="page-head">
            <h1>"Claim certificates"</h1>
            <button type="button" class="primary" on:click=move |_| dialog.set(true)>
                <IconView icon=Icon::Add />
                "Make a claim"
            </button>
        </div>
        <p class="lead">
            "A plant installs one claim certificate on many vehicles. It is good for nothing but asking to be provisioned."
        </p>
        <RemoteView remote skeleton=table_skeleton let:answer>
            <ClaimsView answer />
        </RemoteView>
        <Show when=move || dialog.get()>
            <CreateDialog name carry=carry.get_value() done close=Callback::new(move |()| dialog.set(false)) />
        </Show>
    }
}

/// The claim certificates.
#[component]
pub fn ClaimsView(answer: Signal<Answer>) -> impl IntoView {
    move || {
        let Answer { claims, unreadable } = answer.get();
        if claims.is_empty() && unreadable.is_empty() {
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
        let heading = |name: &'static str| view! { <th scope="col" role="columnheader">{name}</th> };
        view! {
            <UnreadableRows rows=unreadable />
            <table class="list" role="table">
                <thead role="rowgroup">
                    <tr role="row">
                        {heading("Claim")}
                        {heading("State")}
                        {heading("Made")}
                        {heading("Let in")}
                        {heading("Still expected")}
                        {heading("Last attempt")}
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
    let name = claim.record.as_ref().map_or("not on record".to_owned(), |record| record.name.to_string());
    let ended = claim.record.as_ref().is_some_and(|record| record.state.has_ended());
    let made = claim.record.as_ref().map(|record| record.created_at).or(claim.created_at);
    let made = match made {
        Some(at) => view! {
            <Day at />
            <br />
            <Ago at />
        }
        .into_any(),
        None => view! { <span class="quiet">"not recorded"</span> }.into_any(),
    };
    // What AWS IoT says of one that ended is part of how it ended.
    let status = match claim.status {
        Some(status) if !ended => view! { <Badge look=of_certificate(status) /> }.into_any(),
        None if !ended => view! { <span class="quiet">"AWS IoT does not have it"</span> }.into_any(),
        _ => ().into_any(),
    };
    let last = match claim.last_attempt.clone() {
        Some(attempt) => view! {
            <Ago at=attempt.at />
            {attempt.vin.map(|vin| view! { <VinLink vin /> })}
            <OutcomeView outcome=attempt.outcome />
        }
        .into_any(),
        // Of one that ended the list asks nothing more: its own page does.
        None if ended => ().into_any(),
        None => view! { <span class="quiet">"never used"</span> }.into_any(),
    };
    let ends = claim
        .record
        .as_ref()
        .filter(|record| record.state == ClaimState::Retiring)
        .and_then(|record| record.retire_at)
        .map(|at| {
            view! {
                <p class="explanation">
                    "until "
                    <Day at />
                </p>
            }
        });
    let look = of_claim(claim.record.as_ref().map(|record| record.state));
    let marked = name.clone();
    let policies = claim.policies.join(", ");
    view! {
        <tr role="row" data-claim-id=claim.id.as_str().to_owned() data-claim-name=marked>
            <td role="cell" class="head stack">
                <a href=address::of_claim(&claim.id)>
                    <strong>{name}</strong>
                </a>
                <p class="explanation">
                    <ShortCertificateId id=claim.id.0.clone() />
                </p>
                {(!policies.is_empty()).then(|| view! { <p class="explanation">{policies}</p> })}
            </td>
            <td role="cell" data-label="State" class="stack">
                <Badge look />
                {status}
                {ends}
            </td>
            <td role="cell" data-label="Made">
                {made}
            </td>
            <td role="cell" data-label="Let in" class="tight">
                <a href=address::of_vehicles_by(&claim.id)>
                    {if ended {
                        "Vehicles".into_any()
                    } else {
                        view! {
                            <Counted count=claim.admitted />
                            <span class="unseen">" vehicles"</span>
                        }
                            .into_any()
                    }}
                </a>
            </td>
            <td role="cell" data-label="Still expected" class="tight">
                {if ended {
                    view! { <a href=address::of_claim(&claim.id)>"Vehicles"</a> }.into_any()
                } else {
                    view! { <Counted count=claim.expected /> }.into_any()
                }}
            </td>
            <td role="cell" data-label="Last attempt" class="stack">
                {last}
                <a href=address::of_attempts_by(&claim.id)>"All attempts"</a>
            </td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        AttemptOutcome, CertificateStatus, ClaimCertificateId, ClaimName, ClaimRecord, Count, DenialReason, Timestamp,
    };
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::{attempt, certificate_id, mounted};

    pub fn claim(digit: char, state: ClaimState) -> ClaimCertificate {
        let id = ClaimCertificateId(certificate_id(digit));
        ClaimCertificate {
            record: Some(ClaimRecord {
                id: id.clone(),
                name: ClaimName::default_name(),
                secret_id: "cms/cms-provisioning/provisioning-credentials".to_owned(),
                state,
                created_at: Timestamp::UNIX_EPOCH,
                created_by: "rotation".to_owned(),
                retiring_since: None,
                retire_at: None,
                expected_at_retirement: None,
                replaced_by: None,
                ended_at: None,
                ended_by: None,
                reason: None,
            }),
            id,
            status: Some(CertificateStatus::Active),
            policies: vec!["cms-claim-policy".to_owned()],
            created_at: None,
            valid_from: None,
            valid_until: None,
            last_attempt: Some(attempt(AttemptOutcome::Denied(DenialReason::Revoked))),
            admitted: Some(Count { number: 1_000, or_more: true }),
            expected: None,
        }
    }

    #[wasm_bindgen_test]
    fn a_claim_tells_its_state_and_leads_to_its_own_page() {
        let shown = claim('c', ClaimState::Retiring);
        let address = address::of_claim(&shown.id);
        let answer = Answer { claims: vec![shown], unreadable: Vec::new() };
        let page = mounted(move || view! { <ClaimsView answer=Signal::stored(answer) /> });
        for told in ["default", "Retiring", "Denied: revoked", "1,000+", "not known", "cms-claim-policy"] {
            assert!(page.text().contains(told), "{told}");
        }
        assert_eq!(page.all(&format!("a[href='{address}']")).len(), 1);
    }

    #[wasm_bindgen_test]
    fn no_claim_certificate_says_what_that_means() {
        let page = mounted(|| view! { <ClaimsView answer=Signal::stored(Answer::default()) /> });
        assert!(page.text().contains("no vehicle can ask to be provisioned"));
    }
}
