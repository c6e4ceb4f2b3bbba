//! The authorities under which vehicles bring certificates of their own, and what can be done with them.

mod action;
mod register;

use std::rc::Rc;

use leptos::prelude::*;
use shared::{
    AuthorityId, AuthorityMode, Timestamp,
    api::{AuthoritiesPage as Answer, Authority, AuthorityAction, Done, Possibility, Reason, RegisterAuthority, Route},
};

use self::{
    action::AuthorityDialog,
    register::{RegisterDialog, RegisterDraft},
};
use crate::{
    api, browser, clock,
    components::{
        action_dialog::Carry,
        actions::{Actions, Offer},
        badge::{Badge, Look, Tone},
        fingerprint::{Fingerprint, short},
        icon::{Icon, IconView},
        moment::{Day, Moment},
        receipt::{Receipt, current_receipt},
        states::{EmptyState, RemoteView, cards_skeleton},
    },
    remote::{Remote, patience},
};

/// An authority that ends within so many days is pointed out.
const SOON: i64 = 60;

/// What the operator wants to do.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Intent {
    Register,
    Act(AuthorityId, AuthorityAction),
}

/// The page at `/authorities`.
#[component]
pub fn AuthoritiesPage() -> impl IntoView {
    browser::title(|| "Authorities".to_owned());
    let remote = Remote::new(
        Signal::stored(Route::Authorities),
        |route| async move {
            let mut answer: Answer = api::ask(route).await?;
            // The clock goes on of itself: without its reading, two answers of the same are equal.
            answer.now = Timestamp::UNIX_EPOCH;
            Ok(answer)
        },
        patience,
    );
    let intent = RwSignal::new(None::<Intent>);
    let begin = Callback::new(move |wanted| intent.set(Some(wanted)));
    view! {
        <div class="page-head">
            <h1>"Authorities"</h1>
            <button type="button" class="primary" on:click=move |_| begin.run(Intent::Register)>
                <IconView icon=Icon::Add />
                "Register an authority"
            </button>
        </div>
        <p class="lead">
            "An authority is a CA certificate, your own or a third party's. Vehicles whose certificates it signed can be registered, by an operator or by themselves when they first connect. Whether a vehicle gets in is decided as for every other: by its VIN."
        </p>
        <RemoteView remote skeleton=cards_skeleton let:answer>
            <AuthoritiesView answer begin />
        </RemoteView>
        <Dialogs remote intent />
    }
}

/// The authorities.
#[component]
fn AuthoritiesView(answer: Signal<Answer>, begin: Callback<Intent>) -> impl IntoView {
    move || {
        let authorities = answer.with(|answer| answer.authorities.clone());
        if authorities.is_empty() {
            return view! {
                <EmptyState heading="No authority">
                    <p>
                        "None is registered in this account and region. Vehicles get their certificates by claim or from an operator, signed by AWS IoT."
                    </p>
                </EmptyState>
            }
            .into_any();
        }
        let cards: Vec<_> =
            authorities.into_iter().map(|authority| view! { <AuthorityCard authority begin /> }).collect();
        view! { <div class="authorities">{cards}</div> }.into_any()
    }
}

#[component]
fn AuthorityCard(authority: Authority, begin: Callback<Intent>) -> impl IntoView {
    let Authority { id, active, just_in_time, mode, subject, serial, fingerprint, last_action, .. } = authority.clone();
    let status = if active {
        Look { word: "Active", icon: Icon::Confirmed, tone: Tone::Good, meaning: "Certificates under it are taken." }
    } else {
        Look {
            word: "Inactive",
            icon: Icon::Paused,
            tone: Tone::Held,
            meaning: "No new certificate under it is taken.",
        }
    };
    let at_first_connection = if just_in_time {
        "On: vehicles register themselves when they first connect"
    } else {
        "Off: an operator registers each certificate"
    };
    let mode = match mode {
        Some(AuthorityMode::Default) => "DEFAULT: its certificates belong to this account",
        Some(AuthorityMode::SniOnly) => "SNI_ONLY: vehicles have to name the server they connect to",
        None => "not known",
    };
    let offer = |label: &'static str, action: AuthorityAction, possibility: Possibility| {
        let id = id.clone();
        Offer {
            label,
            possibility,
            grave: action == AuthorityAction::Delete,
            begin: Callback::new(move |()| begin.run(Intent::Act(id.clone(), action))),
        }
    };
    let offers = vec![
        if active {
            offer("Deactivate", AuthorityAction::Deactivate, Possibility::Possible)
        } else {
            offer("Activate", AuthorityAction::Activate, Possibility::Possible)
        },
        if just_in_time {
            offer("Switch just-in-time off", AuthorityAction::JustInTimeOff, Possibility::Possible)
        } else {
            offer("Switch just-in-time on", AuthorityAction::JustInTimeOn, Possibility::Possible)
        },
        offer("Delete", AuthorityAction::Delete, authority.delete.clone()),
    ];
    let name = subject.unwrap_or_else(|| "A certificate that cannot be read".to_owned());
    view! {
        <article class="card authority" data-authority-id=id.as_str().to_owned() aria-label=name.clone()>
            <div class="card-head">
                <h2>{name.clone()}</h2>
                <Badge look=status />
            </div>
            <dl class="facts two">
                {fact("Just in time", at_first_connection.into_any())} {fact("Mode", mode.into_any())}
                {fact("Valid until", view! { <Validity until=authority.valid_until /> }.into_any())}
                {fact("Vehicle certificates", authority.certificates.to_string().into_any())}
                {authority.registered_at.map(|at| fact("Registered", view! { <Moment at /> }.into_any()))}
                {last_action
                    .map(|last| {
                        let what = view! {
                            {last.what} " by " {last.operator} ", " <Moment at=last.at />
                            <br />
                            <q class="said">{last.reason}</q>
                        };
                        whole_line("Last action", what.into_any())
                    })}
                {serial.map(|serial| whole_line("Serial number", view! { <code>{serial}</code> }.into_any()))}
                {fingerprint.map(|id| whole_line("Fingerprint", view! { <Fingerprint id /> }.into_any()))}
            </dl>
            <Actions offers />
        </article>
    }
}

fn fact(name: &'static str, value: AnyView) -> AnyView {
    placed("", name, value)
}

/// What is too long for a column.
fn whole_line(name: &'static str, value: AnyView) -> AnyView {
    placed("whole", name, value)
}

fn placed(class: &'static str, name: &'static str, value: AnyView) -> AnyView {
    view! {
        <div class=class>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

/// The last day of a certificate, and how near it is.
#[component]
fn Validity(until: Option<Timestamp>) -> impl IntoView {
    let Some(until) = until else { return view! { <span class="quiet">"not known"</span> }.into_any() };
    let days = until.duration_since(clock::now()).as_hours().div_euclid(24);
    let nearness = nearness(days);
    let soon = days < SOON;
    view! {
        <Day at=until />
        " "
        <span class=if soon { "expires soon" } else { "expires" } data-testid="expires">
            {soon.then(|| view! { <IconView icon=Icon::Warning /> })}
            {nearness}
        </span>
    }
    .into_any()
}

fn nearness(days: i64) -> String {
    match days {
        ..0 => "expired: vehicles under it cannot connect".to_owned(),
        0 => "expires today".to_owned(),
        1 => "expires in 1 day".to_owned(),
        _ => format!("expires in {days} days"),
    }
}

/// The dialog of what the operator wants to do. What was typed outlives it.
#[component]
fn Dialogs(remote: Remote<Answer>, intent: RwSignal<Option<Intent>>) -> impl IntoView {
    let register_draft = RegisterDraft::empty();
    let reason = RwSignal::new(String::new());
    let receipt = current_receipt();
    let close = Callback::new(move |()| intent.set(None));
    let tell = move |title: &str, done: Done| {
        intent.set(None);
        receipt.set(Some(Receipt { title: title.to_owned(), done, link: None }));
        remote.refetch();
    };
    move || {
        let wanted = intent.get()?;
        // What was pressed before the first answer waits for it; a later answer does not draw the dialog anew.
        let known = untrack(|| remote.latest()).or_else(|| remote.latest())?;
        match wanted {
            Intent::Register => {
                let carry: Carry<RegisterAuthority> = Rc::new(|request| {
                    Box::pin(async move { api::call(&Route::RegisterAuthority, Some(&request)).await })
                });
                let done = Callback::new(move |done| {
                    register_draft.clear();
                    tell("Authority registered", done);
                });
                let code = known.registration_code;
                Some(view! { <RegisterDialog code draft=register_draft carry done close /> }.into_any())
            }
            Intent::Act(id, action) => {
                let authority = known.authorities.into_iter().find(|authority| authority.id == id)?;
                let carry: Carry<String> = Rc::new(move |reason| {
                    let route = Route::Authority(id.clone(), action);
                    Box::pin(async move { api::call(&route, Some(&Reason { reason })).await })
                });
                let done = Callback::new(move |done| {
                    reason.set(String::new());
                    tell(action::told(action), done);
                });
                Some(view! { <AuthorityDialog authority action reason carry done close /> }.into_any())
            }
        }
    }
}

/// What an authority is called in a dialog.
fn name_of(authority: &Authority) -> String {
    authority.subject.clone().unwrap_or_else(|| short(&authority.id.0))
}

#[cfg(test)]
mod tests {
    use shared::{Count, Refusal};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::{certificate_id, mounted};

    fn authority(active: bool) -> Authority {
        Authority {
            id: AuthorityId(certificate_id('e')),
            active,
            just_in_time: true,
            mode: Some(AuthorityMode::Default),
            subject: Some("CN=Plant 7".to_owned()),
            serial: Some("0a:1b".to_owned()),
            fingerprint: Some(certificate_id('e')),
            valid_from: None,
            valid_until: Some(clock::now() + shared::SignedDuration::from_hours(24 * 12 + 1)),
            registered_at: None,
            certificates: Count { number: 1_000, or_more: true },
            last_action: None,
            delete: if active { Possibility::Refused(Refusal::AuthorityStillActive) } else { Possibility::Possible },
        }
    }

    fn shown(authorities: Vec<Authority>) -> crate::testing::Page {
        let answer = Answer { authorities, registration_code: "code".to_owned(), now: Timestamp::UNIX_EPOCH };
        mounted(move || view! { <AuthoritiesView answer=Signal::stored(answer) begin=Callback::new(|_| ()) /> })
    }

    #[wasm_bindgen_test]
    fn an_authority_tells_when_it_ends_and_how_many_certificates_it_has() {
        let page = shown(vec![authority(true)]);
        for told in ["CN=Plant 7", "expires in 12 days", "1,000+", "0a:1b"] {
            assert!(page.text().contains(told), "{told}: {}", page.text());
        }
    }

    #[wasm_bindgen_test]
    fn an_active_authority_cannot_be_deleted_and_says_why() {
        let page = shown(vec![authority(true)]);
        assert!(page.button("Delete").disabled());
        assert!(page.text().contains(&Refusal::AuthorityStillActive.to_string()));
        assert!(!shown(vec![authority(false)]).button("Delete").disabled());
    }

    #[wasm_bindgen_test]
    fn no_authority_says_what_that_means() {
        assert!(shown(Vec::new()).text().contains("signed by AWS IoT"));
    }

    #[wasm_bindgen_test]
    fn the_end_is_told_in_days() {
        assert_eq!(nearness(12), "expires in 12 days");
        assert_eq!(nearness(1), "expires in 1 day");
        assert!(nearness(-1).contains("expired"));
    }
}
