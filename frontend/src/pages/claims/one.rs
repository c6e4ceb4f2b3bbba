//! One claim certificate: what has become of it, whom it let in and whom not, who is still to come, and what can be done.

use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::{
    AttemptOutcome, CertificateId, CertificateStatus, ClaimCertificateId, ClaimName, ClaimState, Refusal, Timestamp,
    api::{BurnClaim, ClaimCertificate, ClaimReach, ClaimTries, Done, Possibility, RotateClaim, Route},
};

use super::{
    burn_dialog::{BurnDialog, BurnDraft},
    rotate_dialog::RotateDialog,
    state::{Counted, of_any_claim, of_claim},
};
use crate::{
    address, api, browser,
    components::{
        action_dialog::Carry,
        badge::{Badge, of_certificate, of_outcome},
        fingerprint::{Fingerprint, short},
        moment::{Day, Moment},
        receipt::{Receipt, current_receipt},
        states::{EmptyState, RemoteView, cards_skeleton},
        vin::VinLink,
    },
    remote::{Remote, patience},
};

/// What the operator wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Intent {
    Burn,
    Rotate,
}

/// The page at `/claims/{id}`.
#[component]
pub fn ClaimPage() -> impl IntoView {
    let parameters = use_params_map();
    let id = Memo::new(move |_| parameters.with(|parameters| parameters.get("id").unwrap_or_default()));
    move || match CertificateId::try_from(id.get()) {
        Ok(id) => view! { <OneClaim id=ClaimCertificateId(id) /> }.into_any(),
        Err(problem) => view! {
            <EmptyState heading="No such claim certificate">
                <p>{problem.to_string()}</p>
                <p>
                    <a href="/claims">"All claim certificates"</a>
                </p>
            </EmptyState>
        }
        .into_any(),
    }
}

#[component]
fn OneClaim(id: ClaimCertificateId) -> impl IntoView {
    let short = short(&id.0);
    browser::title({
        let short = short.clone();
        move || format!("Claim certificate {short}")
    });
    let remote = Remote::new(
        Signal::stored(Route::ClaimReach(id.clone(), None)),
        |route| async move {
            let mut reach: ClaimReach = api::ask(route).await?;
            // The clock goes on of itself: without its reading, two answers about an unchanged claim are equal.
            reach.now = Timestamp::UNIX_EPOCH;
            Ok(reach)
        },
        patience,
    );
    let intent = RwSignal::new(None::<Intent>);
    view! {
        <nav class="crumbs" aria-label="Where this is">
            <a href="/claims">"Claim certificates"</a>
            <span aria-hidden="true">" / "</span>
            <span aria-current="page">{short}</span>
        </nav>
        <RemoteView remote skeleton=cards_skeleton let:reach>
            <ReachView reach intent />
        </RemoteView>
        <Dialogs id remote intent />
    }
}

/// Everything that is known of a claim certificate.
#[component]
fn ReachView(reach: Signal<ClaimReach>, intent: RwSignal<Option<Intent>>) -> impl IntoView {
    move || {
        let ClaimReach { claim, expected_vins, next, expected_with_any, tries, burn, .. } = reach.get();
        let record = claim.record.clone();
        let name = record.as_ref().map_or("Claim certificate".to_owned(), |record| record.name.to_string());
        let state = record.as_ref().map(|record| record.state);
        let refused = match burn {
            Possibility::Refused(refusal) => Some(refusal.to_string()),
            Possibility::Possible if is_burned(&claim) => Some(Refusal::ClaimEnded.to_string()),
            Possibility::Possible => None,
        };
        // What retires or was replaced is not what a rotation replaces.
        let replaced = record.as_ref().is_some_and(|record| record.replaced_by.is_some());
        let rotate_first = state == Some(ClaimState::Burned);
        let may_rotate = !replaced && state != Some(ClaimState::Retired) && state != Some(ClaimState::Retiring);
        let has_ended = state.is_some_and(ClaimState::has_ended);
        let (awaited, who) = if has_ended {
            ("Stranded: ", "Vehicles that were authorized for this certificate and had not come when it ended.")
        } else {
            ("Still expected: ", "Vehicles that were authorized for this certificate and have not come yet.")
        };
        let look = of_claim(state);
        let why_not = browser::unique_id("why-not");
        view! {
            <section class="card claim-head">
                <div class="page-head">
                    <h1>{name}</h1>
                    <div class="buttons">
                        {may_rotate
                            .then(|| {
                                view! {
                        <button
                            type="button"
                            class=if rotate_first { "primary" } else { "" }
                            on:click=move |_| intent.set(Some(Intent::Rotate))
                        >
                            {if rotate_first { "Make a new one" } else { "Rotate" }}
                        </button>
                                }
                            })}
                        <button
                            type="button"
                            class="grave"
                            disabled=refused.is_some()
                            aria-describedby=refused.is_some().then(|| why_not.clone())
                            on:click=move |_| intent.set(Some(Intent::Burn))
                        >
                            "Burn"
                        </button>
                    </div>
                </div>
                {refused
                    .map(|refused| {
                        view! {
                            <p class="reasons" id=why_not.clone()>
                                <b>"Burn: "</b>
                                {refused}
                            </p>
                        }
                    })}
                <p class="standing" data-testid="claim-state" data-state=state.map(ClaimState::as_str)>
                    <Badge look />
                    <span>{look.meaning}</span>
                </p>
                <Fingerprint id=claim.id.0.clone() />
            </section>
            <div class="columns">
                <div class="wide">
                    <section class="card" aria-labelledby="expected">
                        <h2 id="expected">
                            {awaited}
                            <Counted count=claim.expected />
                        </h2>
                        <p class="quiet">
                            {who}
                        </p>
                        <Expected vins=expected_vins more=next.is_some() />
                        {of_any_claim(expected_with_any).map(|sentence| view! { <p class="quiet">{sentence}</p> })}
                    </section>
                    <Tries tries id=claim.id.clone() />
                </div>
                <div class="narrow">
                    <Facts claim />
                </div>
            </div>
        }
    }
}

/// Whether nothing is left to burn. Burning once more finishes what was interrupted while AWS IoT still takes it.
fn is_burned(claim: &ClaimCertificate) -> bool {
    claim.record.as_ref().is_some_and(|record| record.state == ClaimState::Burned)
        && matches!(claim.status, None | Some(CertificateStatus::Revoked))
}

#[component]
fn Expected(vins: Vec<shared::Vin>, more: bool) -> impl IntoView {
    let items: Vec<_> = vins.into_iter().map(|vin| view! { <li><VinLink vin /></li> }).collect();
    view! {
        <ul class="vins" data-testid="expected-vins">
            {items}
        </ul>
        {more.then(|| view! { <p class="quiet">"These are the first 50."</p> })}
    }
}

/// What became of those who asked with it.
#[component]
fn Tries(tries: ClaimTries, id: ClaimCertificateId) -> impl IntoView {
    let ClaimTries { allowed, denied, since, or_more } = tries;
    let none = since.is_none();
    let line = |outcome: AttemptOutcome, number: u32| {
        view! {
            <dt>
                <Badge look=of_outcome(outcome) />
            </dt>
            <dd>{number}</dd>
        }
    };
    let allowed = line(AttemptOutcome::Allowed, allowed);
    let denied: Vec<_> =
        denied.into_iter().map(|(reason, number)| line(AttemptOutcome::Denied(reason), number)).collect();
    view! {
        <section class="card" aria-labelledby="tries">
            <h2 id="tries">"Attempts"</h2>
            {if none {
                view! { <p class="quiet">"Nobody has asked with it yet."</p> }.into_any()
            } else {
                view! {
                    <p class="quiet">
                        {if or_more { "The latest, since " } else { "All, since " }}
                        {since.map(|at| view! { <Moment at /> })}
                    </p>
                    <dl class="facts tries">{allowed} {denied}</dl>
                }
                    .into_any()
            }}
            <p>
                <a href=address::of_vehicles_by(&id)>"Vehicles it let in"</a>
                " · "
                <a href=address::of_attempts_by(&id)>"Attempts with it"</a>
            </p>
        </section>
    }
}

#[component]
fn Facts(claim: ClaimCertificate) -> impl IntoView {
    let row = |name: &'static str, value: Option<AnyView>| {
        value.map(|value| {
            view! {
                <dt>{name}</dt>
                <dd>{value}</dd>
            }
        })
    };
    let moment = |at: Option<Timestamp>| at.map(|at| view! { <Moment at /> }.into_any());
    let text = |text: Option<String>| text.filter(|text| !text.is_empty()).map(|text| text.into_any());
    let record = claim.record;
    let of = |read: fn(&shared::ClaimRecord) -> Option<Timestamp>| record.as_ref().and_then(read);
    let replaced_by = record
        .as_ref()
        .and_then(|record| record.replaced_by.clone())
        .map(|id| view! { <a href=address::of_claim(&id)>{short(&id.0)}</a> }.into_any());
    let status = match claim.status {
        Some(status) => view! { <Badge look=of_certificate(status) /> }.into_any(),
        None => "does not have it".into_any(),
    };
    let valid = claim.valid_until.map(|at| {
        view! {
            "until "
            <Day at />
        }
        .into_any()
    });
    let expected = record.as_ref().and_then(|record| record.expected_at_retirement).map(|number| number.to_string());
    view! {
        <section class="card" aria-labelledby="facts">
            <h2 id="facts">"Certificate"</h2>
            <dl class="facts">
                {row("AWS IoT", Some(status))}
                {row("Made", moment(of(|record| Some(record.created_at)).or(claim.created_at)))}
                {row("Made by", text(record.as_ref().map(|record| record.created_by.clone())))}
                {row("Let in", Some(view! { <Counted count=claim.admitted /> }.into_any()))}
                {row("Retiring since", moment(of(|record| record.retiring_since)))}
                {row("Works until", moment(of(|record| record.retire_at.filter(|_| !record.state.has_ended()))))}
                {row("Expected then", text(expected))}
                {row("Replaced by", replaced_by)}
                {row("Ended", moment(of(|record| record.ended_at)))}
                {row("Ended by", text(record.as_ref().and_then(|record| record.ended_by.clone())))}
                {row("Because", text(record.as_ref().and_then(|record| record.reason.clone())))}
                {row("Valid", valid)}
                {row("Policies", text(Some(claim.policies.join(", "))))}
                {row("Secret", text(record.as_ref().map(|record| record.secret_id.clone())))}
            </dl>
        </section>
    }
}

/// The dialog of what the operator wants to do.
#[component]
fn Dialogs(id: ClaimCertificateId, remote: Remote<ClaimReach>, intent: RwSignal<Option<Intent>>) -> impl IntoView {
    let draft = BurnDraft::empty();
    let receipt = current_receipt();
    let close = Callback::new(move |()| intent.set(None));
    let tell = move |title: &str, done: Done| {
        intent.set(None);
        receipt.set(Some(Receipt {
            title: title.to_owned(),
            done,
            link: Some(("All claim certificates", "/claims".to_owned())),
        }));
        remote.refetch();
    };
    move || {
        let (intent, reach) = (intent.get()?, untrack(|| remote.latest())?);
        let record = reach.claim.record.clone();
        let name = record.as_ref().map_or_else(ClaimName::default_name, |record| record.name.clone());
        let id = id.clone();
        Some(match intent {
            Intent::Burn => {
                let seen = reach.claim.expected.unwrap_or_default().number;
                let carry: Carry<String> = Rc::new(move |reason| {
                    let route = Route::BurnClaim(id.clone());
                    let request = BurnClaim { reason, expected_count_seen: seen };
                    Box::pin(async move { api::call(&route, Some(&request)).await })
                });
                let done = Callback::new(move |done| {
                    draft.clear();
                    tell("Claim certificate burned", done);
                });
                view! { <BurnDialog reach name draft carry done close /> }.into_any()
            }
            Intent::Rotate => {
                let works = record.is_some_and(|record| !record.state.has_ended());
                let carry: Carry<()> = Rc::new(move |()| {
                    let route = Route::RotateClaim(id.clone());
                    Box::pin(async move { api::call(&route, Some(&RotateClaim {})).await })
                });
                let done = Callback::new(move |done| tell("Rotation begun", done));
                view! { <RotateDialog name works carry done close /> }.into_any()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use shared::{Count, DenialReason};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{super::tests::claim, *};
    use crate::testing::{eventually, mounted, vin};

    fn reach(state: ClaimState) -> ClaimReach {
        let mut shown = claim('c', state);
        shown.expected = Some(Count { number: 12, or_more: false });
        ClaimReach {
            claim: shown,
            expected_vins: vec![vin()],
            next: None,
            expected_with_any: Some(Count { number: 3, or_more: false }),
            tries: ClaimTries {
                allowed: 7,
                denied: vec![(DenialReason::VinNotAuthorized, 2)],
                since: Some(Timestamp::UNIX_EPOCH),
                or_more: false,
            },
            burn: Possibility::Possible,
            now: Timestamp::UNIX_EPOCH,
        }
    }

    #[wasm_bindgen_test]
    fn a_claims_page_tells_who_is_still_to_come_and_who_was_denied() {
        let shown = reach(ClaimState::Current);
        let page = mounted(move || view! { <ReachView reach=Signal::stored(shown) intent=RwSignal::new(None) /> });
        for told in ["Current", "Still expected: 12", "1HGCM8", "Denied: VIN not authorized", "cms-claim-policy"] {
            assert!(page.text().contains(told), "{told} is not in {}", page.text());
        }
    }

    #[wasm_bindgen_test]
    fn a_burned_claim_offers_a_new_one_and_no_fire_unless_aws_iot_still_takes_it() {
        for (status, is_over) in
            [(None, true), (Some(CertificateStatus::Revoked), true), (Some(CertificateStatus::Inactive), false)]
        {
            let mut shown = reach(ClaimState::Burned);
            shown.claim.status = status;
            let page = mounted(move || view! { <ReachView reach=Signal::stored(shown) intent=RwSignal::new(None) /> });
            assert_eq!(page.button("Burn").disabled(), is_over);
            assert_eq!(page.text().contains(&Refusal::ClaimEnded.to_string()), is_over);
            assert!(!page.button("Make a new one").disabled());
        }
    }

    #[wasm_bindgen_test]
    async fn burning_names_who_is_stranded_and_needs_the_claims_name() {
        let page = mounted(|| {
            let carry: Carry<String> = Rc::new(|_| Box::pin(async { Err(shared::api::ApiError::Offline) }));
            let done = Callback::new(|_| ());
            let close = Callback::new(|()| ());
            let (reach, name, draft) = (reach(ClaimState::Current), ClaimName::default_name(), BurnDraft::empty());
            view! { <BurnDialog reach name draft carry done close /> }
        });
        for told in ["12 vehicles are still expected", "and 2 more", "This cannot be undone."] {
            assert!(page.text().contains(told), "{told}");
        }
        page.enter("textarea", "leaked from the line");
        page.enter("input", "defaul");
        assert!(page.button("Burn claim certificate").disabled());
        page.enter("input", "default");
        let seen = page.clone();
        eventually("it can be confirmed", move || !seen.button("Burn claim certificate").disabled()).await;
    }
}
