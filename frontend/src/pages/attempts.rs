//! Every attempt to be provisioned, allowed or denied, newest first.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::{
    AttemptOutcome, CertificateId, ClaimCertificateId, ClaimRecord, ProvisioningAttempt,
    api::{AttemptsPage as Answer, AttemptsQuery, ClaimCertificatesPage, Cursor, Route},
};

use super::not_found::NoSuchFilter;
use crate::{
    address::{self, address},
    api, browser,
    clock::plural,
    components::{
        attempt::{OriginView, OutcomeView, presented_otherwise},
        badge::of_outcome,
        filter::{Choice, Filter},
        fingerprint::{ShortCertificateId, short},
        moment::{Ago, Moment},
        pager::Pager,
        states::{EmptyState, RemoteView, table_skeleton},
        unreadable::{Notice, UnreadableRows},
        vin::VinLink,
    },
    remote::{Remote, patience},
};

/// The page at `/attempts`.
#[component]
pub fn AttemptsPage() -> impl IntoView {
    browser::title(|| "Attempts".to_owned());
    let asked = address::attempts_query();
    let query = Memo::new(move |_| asked.get().unwrap_or_default());
    let exists = Memo::new(move |_| asked.with(Option::is_some));
    let remote = Remote::new(Signal::derive(move || Route::Attempts(query.get())), api::ask, patience);
    let claims = Remote::new(Signal::stored(Route::Claims), api::ask, patience);
    let list = move || {
        if !exists.get() {
            return view! { <NoSuchFilter list="/attempts" /> }.into_any();
        }
        view! {
            <RemoteView remote skeleton=table_skeleton let:answer>
                <AttemptsView answer query />
            </RemoteView>
        }
        .into_any()
    };
    view! {
        <div class="page-head">
            <h1>"Attempts"</h1>
            <button type="button" on:click=move |_| remote.refetch()>
                "Refresh"
            </button>
        </div>
        <p class="lead">"Every request of a vehicle to be provisioned, and why it was denied if it was. None is ever overwritten."</p>
        <Filters query claims />
        {list}
    }
}

#[component]
fn Filters(query: Memo<AttemptsQuery>, claims: Remote<ClaimCertificatesPage>) -> impl IntoView {
    let navigate = StoredValue::new_local(use_navigate());
    let go = move |query: AttemptsQuery| {
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&address(&Route::Attempts(query)), options));
    };
    let choose_outcome = Callback::new(move |word: String| {
        let outcome = AttemptOutcome::from_word(&word);
        go(AttemptsQuery { outcome, cursor: None, ..query.get_untracked() });
    });
    let choose_claim = Callback::new(move |id: String| {
        let claim = CertificateId::try_from(id).ok().map(ClaimCertificateId);
        go(AttemptsQuery { claim, cursor: None, ..query.get_untracked() });
    });
    let outcomes =
        AttemptOutcome::all().map(|outcome| (outcome.as_str().to_owned(), of_outcome(outcome).word.to_owned()));
    let outcome =
        move || query.with(|query| query.outcome.map(|outcome| outcome.as_str().to_owned())).unwrap_or_default();
    // The chosen one is offered even where AWS IoT no longer has it: its attempts are still there.
    let offered = Memo::new(move |_| {
        let known = claims.latest().unwrap_or_default().claims;
        let mut offered: Vec<Choice> = known.into_iter().map(|claim| choice_of(&claim.id, claim.record)).collect();
        if let Some(chosen) = query.with(|query| query.claim.clone())
            && !offered.iter().any(|(id, _)| id == chosen.as_str())
        {
            offered.push(choice_of(&chosen, None));
        }
        offered
    });
    let claim = move || query.with(|query| query.claim.as_ref().map(|claim| claim.to_string())).unwrap_or_default();
    view! {
        <search>
            <form class="filters" role="search" on:submit=move |event| event.prevent_default()>
                <Filter
                    id="outcome"
                    label="Outcome"
                    choices=Signal::stored(outcomes.collect())
                    chosen=Signal::derive(outcome)
                    choose=choose_outcome
                />
                <Filter
                    id="claim"
                    label="Claim certificate"
                    choices=offered
                    chosen=Signal::derive(claim)
                    choose=choose_claim
                />
            </form>
        </search>
    }
}

/// A claim certificate by its name and, because others have had that name, the ends of its id.
fn choice_of(id: &ClaimCertificateId, record: Option<ClaimRecord>) -> Choice {
    let name = record.map(|record| format!("{}: ", record.name)).unwrap_or_default();
    (id.as_str().to_owned(), format!("{name}{}", short(&id.0)))
}

/// A page of attempts.
#[component]
pub fn AttemptsView(
    /// The page.
    answer: Signal<Answer>,
    /// What was asked for.
    query: Memo<AttemptsQuery>,
) -> impl IntoView {
    let at = move |cursor: Option<Cursor>| address(&Route::Attempts(AttemptsQuery { cursor, ..query.get() }));
    let next = Signal::derive(move || answer.with(|answer| answer.next.clone()).map(|next| at(Some(next))));
    let first = Signal::derive(move || query.with(|query| query.cursor.is_some()).then(|| at(None)));
    let body = move || {
        let attempts = answer.with(|answer| answer.attempts.clone());
        if !attempts.is_empty() {
            return view! { <AttemptsTable attempts /> }.into_any();
        }
        if next.with(Option::is_some) {
            return view! {
                <EmptyState heading="None in this part of the list">
                    <p>"There is more to look through: go on to the next page."</p>
                </EmptyState>
            }
            .into_any();
        }
        if query.with(|query| query.outcome.is_some() || query.claim.is_some()) {
            return view! {
                <EmptyState heading="No attempt matches">
                    <p>"No vehicle's attempt answers to these filters."</p>
                    <div class="buttons">
                        <a class="button" href="/attempts">
                            "Clear the filters"
                        </a>
                    </div>
                </EmptyState>
            }
            .into_any();
        }
        view! {
            <EmptyState heading="No attempt yet">
                <p>"As soon as a vehicle asks to be provisioned, it is here, whatever becomes of it."</p>
            </EmptyState>
        }
        .into_any()
    };
    let counted = move || {
        let (count, more) = answer.with(|answer| (answer.attempts.len(), answer.next.is_some()));
        format!("{}{}", plural(count as i64, "attempt"), if more { ", and older ones on the next page" } else { "" })
    };
    view! {
        {move || view! { <Notice notice=answer.with(|answer| answer.notice.clone()) /> }}
        {move || view! { <UnreadableRows rows=answer.with(|answer| answer.unreadable.clone()) /> }}
        <p class="count" role="status">
            {counted}
        </p>
        {body}
        <Pager next first />
    }
}

#[component]
fn AttemptsTable(attempts: Vec<ProvisioningAttempt>) -> impl IntoView {
    let rows: Vec<_> = attempts.into_iter().map(|attempt| view! { <AttemptRow attempt /> }).collect();
    view! {
        <table class="list attempts" role="table">
            <thead role="rowgroup">
                <tr role="row">
                    <th scope="col" role="columnheader">
                        "When"
                    </th>
                    <th scope="col" role="columnheader">
                        "Vehicle"
                    </th>
                    <th scope="col" role="columnheader">
                        "Outcome"
                    </th>
                    <th scope="col" role="columnheader">
                        "Asked with"
                    </th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
}

#[component]
fn AttemptRow(attempt: ProvisioningAttempt) -> impl IntoView {
    let presented = presented_otherwise(&attempt).map(|presented| {
        view! {
            <p class="explanation">
                "Sent as "
                <code>{format!("{presented:?}")}</code>
            </p>
        }
    });
    let vehicle = match attempt.vin.clone() {
        Some(vin) => view! { <VinLink vin /> }.into_any(),
        None => view! { <span class="quiet">"no VIN of ours"</span> }.into_any(),
    };
    let (claim, authority) = (attempt.claim_certificate_id.clone(), attempt.authority_id.clone());
    let issued_by = attempt.issued_by.clone();
    view! {
        <tr role="row" data-outcome=attempt.outcome.as_str()>
            <td role="cell" class="head">
                <Moment at=attempt.at />
                <br />
                <Ago at=attempt.at />
            </td>
            <td role="cell" data-label="Vehicle" class="stack">
                {vehicle}
                {presented}
            </td>
            <td role="cell" data-label="Outcome" class="stack">
                <OutcomeView outcome=attempt.outcome />
            </td>
            <td role="cell" data-label="Asked with" class="stack">
                <p>
                    <OriginView claim authority issued_by />
                </p>
                {attempt
                    .client_id
                    .map(|client| view! {
                        <p>
                            <span class="key">"Client "</span>
                            <code>{client}</code>
                        </p>
                    })}
                {attempt
                    .certificate_id
                    .map(|id| view! {
                        <p>
                            <span class="key">"Certificate "</span>
                            <ShortCertificateId id />
                        </p>
                    })}
            </td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use shared::DenialReason;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::{Page, attempt, mounted, vin};

    fn shown(answer: Answer, query: AttemptsQuery) -> Page {
        mounted(move || {
            let query = Memo::new(move |_| query.clone());
            view! { <AttemptsView answer=Signal::stored(answer) query /> }
        })
    }

    #[wasm_bindgen_test]
    fn an_attempt_tells_the_vehicle_the_outcome_and_why() {
        let mut denied = attempt(AttemptOutcome::Denied(DenialReason::TicketUsed));
        denied.presented_vin = Some("1hg-cm82633a004352".to_owned());
        let page = shown(Answer { attempts: vec![denied], ..Answer::default() }, AttemptsQuery::default());
        for told in ["Denied: ticket used", DenialReason::TicketUsed.explanation(), "1hg-cm82633a004352", "1 attempt"] {
            assert!(page.text().contains(told), "{told}");
        }
        assert_eq!(page.all(&format!("a[href='/vehicles/{}']", vin())).len(), 1);
    }

    #[wasm_bindgen_test]
    fn an_empty_list_says_whether_filters_are_the_reason() {
        assert!(shown(Answer::default(), AttemptsQuery::default()).text().contains("No attempt yet"));
        let query = AttemptsQuery { outcome: Some(AttemptOutcome::Allowed), ..AttemptsQuery::default() };
        assert!(shown(Answer::default(), query).text().contains("No attempt matches"));
    }
}
