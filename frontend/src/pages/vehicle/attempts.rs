//! What the vehicle tried, newest first.

use leptos::prelude::*;
use shared::ProvisioningAttempt;

use crate::components::{
    attempt::{OriginView, OutcomeView, presented_otherwise},
    fingerprint::short,
    moment::{Ago, Moment},
};

/// The attempts of one vehicle.
#[component]
pub fn AttemptsTimeline(
    /// Newest first.
    attempts: Vec<ProvisioningAttempt>,
    /// Whether there are older ones.
    more: bool,
) -> impl IntoView {
    let none = attempts.is_empty().then(|| {
        view! { <p class="quiet">"This vehicle has not asked to be provisioned yet."</p> }
    });
    let items: Vec<_> = attempts.into_iter().map(|attempt| view! { <Event attempt /> }).collect();
    view! {
        <section aria-labelledby="attempts">
            <h2 id="attempts">"Attempts"</h2>
            {none}
            <ol class="timeline">{items}</ol>
            {more.then(|| view! { <p class="quiet">"There are older attempts than these. None is ever deleted."</p> })}
        </section>
    }
}

#[component]
fn Event(attempt: ProvisioningAttempt) -> impl IntoView {
    let presented = presented_otherwise(&attempt).map(|presented| {
        view! {
            <p class="quiet">
                "The VIN was sent as "
                <code>{format!("{presented:?}")}</code>
            </p>
        }
    });
    let (claim, authority) = (attempt.claim_certificate_id.clone(), attempt.authority_id.clone());
    let issued_by = attempt.issued_by.clone();
    let reason = attempt.reason.clone().map(|reason| view! { <p><q class="said">{reason}</q></p> });
    let asked = if issued_by.is_some() { "Was " } else { "Asked " };
    let client = attempt.client_id.clone().map(|client| {
        view! {
            " as client "
            <code>{client}</code>
        }
    });
    let certificate = attempt.certificate_id.clone().map(|id| {
        view! {
            " for certificate "
            <code title=id.as_str().to_owned()>{short(&id)}</code>
        }
    });
    view! {
        <li data-outcome=attempt.outcome.as_str()>
            <p class="when">
                <Moment at=attempt.at />
                " "
                <Ago at=attempt.at />
            </p>
            <OutcomeView outcome=attempt.outcome />
            {presented}
            <p class="quiet">{asked} <OriginView claim authority issued_by /> {client} {certificate}</p>
            {reason}
        </li>
    }
}
