//! Changing what a registered authority is good for.

use std::rc::Rc;

use leptos::prelude::*;
use shared::api::{Authority, AuthorityAction, Done};

use super::name_of;
use crate::components::{
    action_dialog::{ActionDialog, Carry, problem_with_reason},
    field::ReasonField,
};

/// What is told when it is done.
pub fn told(action: AuthorityAction) -> &'static str {
    match action {
        AuthorityAction::Activate => "Authority activated",
        AuthorityAction::Deactivate => "Authority deactivated",
        AuthorityAction::JustInTimeOn => "Just-in-time registration switched on",
        AuthorityAction::JustInTimeOff => "Just-in-time registration switched off",
        AuthorityAction::Delete => "Authority deleted",
    }
}

/// Says what will happen, and asks for the reason.
#[component]
pub fn AuthorityDialog(
    /// The authority.
    authority: Authority,
    /// What will be done.
    action: AuthorityAction,
    /// What was typed so far.
    reason: RwSignal<String>,
    /// Carries it out, for the reason given.
    carry: Carry<String>,
    /// It was carried out.
    done: Callback<Done>,
    /// The dialog is to be taken away.
    close: Callback<()>,
) -> impl IntoView {
    let (title, confirm) = match action {
        AuthorityAction::Activate => ("Activate this authority?", "Activate authority"),
        AuthorityAction::Deactivate => ("Deactivate this authority?", "Deactivate authority"),
        AuthorityAction::JustInTimeOn => ("Let vehicles register themselves?", "Switch on"),
        AuthorityAction::JustInTimeOff => ("Register vehicles by operators only?", "Switch off"),
        AuthorityAction::Delete => ("Delete this authority?", "Delete authority"),
    };
    let missing = Signal::derive(move || Vec::from_iter(reason.with(|reason| problem_with_reason(reason))));
    let carry: Carry<()> = Rc::new(move |()| carry(reason.with_untracked(|reason| reason.trim().to_owned())));
    let count = authority.certificates.to_string();
    let consequences: Vec<_> =
        consequences(action, &count).into_iter().map(|consequence| view! { <li>{consequence}</li> }).collect();
    let grave = action == AuthorityAction::Delete;
    view! {
        <ActionDialog title confirm grave missing carry done close>
            <dl class="subject">
                <dt>"Authority"</dt>
                <dd>{name_of(&authority)}</dd>
                <dt>"Vehicle certificates"</dt>
                <dd>{count}</dd>
            </dl>
            <p class="lead">"What will happen:"</p>
            <ul class="consequences">{consequences}</ul>
            <ReasonField value=reason />
        </ActionDialog>
    }
}

fn consequences(action: AuthorityAction, count: &str) -> Vec<String> {
    match action {
        AuthorityAction::Activate => vec![
            "Certificates that it signed can be registered again, by operators and, where just-in-time registration is on, by the vehicles themselves.".to_owned(),
            "A vehicle still gets in only if its VIN is authorized.".to_owned(),
        ],
        AuthorityAction::Deactivate => vec![
            "No new certificate under it can be registered, by operators or by vehicles that come for the first time.".to_owned(),
            format!("Vehicle certificates that are registered under it ({count}) keep working: revoke those that must not."),
            "Nothing is lost: activating it takes new ones again.".to_owned(),
        ],
        AuthorityAction::JustInTimeOn => vec![
            "A vehicle that comes for the first time with a certificate of this authority is registered at once, if its VIN is authorized. AWS IoT closes its first connection, and it connects again.".to_owned(),
            "Whoever has this authority's key can make a certificate for any VIN that is authorized and was never live: keep the key where nobody can reach it.".to_owned(),
        ],
        AuthorityAction::JustInTimeOff => vec![
            "A vehicle that comes with a certificate nobody registered is refused, and leaves no trace here.".to_owned(),
            "Vehicles that are registered keep working.".to_owned(),
        ],
        AuthorityAction::Delete => vec![
            "AWS IoT forgets this authority. To use it again it has to be registered again, with a new proof of possession.".to_owned(),
            format!("Vehicle certificates that are registered under it ({count}) stay registered and keep working."),
        ],
    }
}
