//! The certificates of a vehicle, the current one first, and what can be done to each.

use leptos::prelude::*;
use shared::{
    CertificateStatus, ProvisionedVehicle, Retirement,
    api::{CertificateAction, CertificateDetails},
};

use super::Intent;
use crate::components::{
    actions::{Actions, Offer},
    attempt::OriginView,
    badge::{Badge, of_certificate, of_retirement},
    fingerprint::{Fingerprint, short},
    icon::{Icon, IconView},
    moment::{Day, Moment},
};

/// Every certificate the vehicle was admitted with.
#[component]
pub fn Certificates(
    /// The current one first.
    certificates: Vec<CertificateDetails>,
    /// Begins an action.
    begin: Callback<Intent>,
) -> impl IntoView {
    let none = certificates.is_empty().then(|| {
        view! { <p class="quiet">"No certificate was ever admitted for this vehicle."</p> }
    });
    let cards: Vec<_> =
        certificates.into_iter().map(|certificate| view! { <CertificateCard certificate begin /> }).collect();
    view! {
        <section aria-labelledby="certificates">
            <h2 id="certificates">"Certificates"</h2>
            {none}
            {cards}
        </section>
    }
}

/// What counts: what AWS IoT reports, and where it has no such certificate, that it is gone.
fn status_of(certificate: &CertificateDetails) -> CertificateStatus {
    certificate.reported_status.unwrap_or(CertificateStatus::Deleted)
}

#[component]
fn CertificateCard(certificate: CertificateDetails, begin: Callback<Intent>) -> impl IntoView {
    let status = status_of(&certificate);
    let CertificateDetails { record, valid_from, valid_until, current, revoke, hold, release, .. } = certificate;
    let id = record.certificate_id.clone();
    let offers = [
        ("Revoke", revoke, CertificateAction::Revoke),
        ("Put on hold", hold, CertificateAction::Hold),
        ("Release", release, CertificateAction::Release),
    ]
    .into_iter()
    .map(|(label, possibility, action)| {
        let id = id.clone();
        Offer {
            label,
            possibility,
            grave: action == CertificateAction::Revoke,
            begin: Callback::new(move |()| begin.run(Intent::Certificate(id.clone(), action))),
        }
    })
    .collect();
    let differs = (record.certificate_status != status).then(|| {
        let sentence = format!(
            "Our table says {}, AWS IoT says {}. What AWS IoT says counts.",
            of_certificate(record.certificate_status).word,
            if certificate.reported_status.is_some() {
                of_certificate(status).word
            } else {
                "that it has no such certificate"
            },
        );
        view! {
            <p class="differs">
                <IconView icon=Icon::Warning />
                {sentence}
            </p>
        }
    });
    view! {
        <article
            class=if current { "card certificate current" } else { "card certificate" }
            data-certificate-id=id.as_str().to_owned()
            data-status=status.as_str()
            aria-label=format!("Certificate {}", short(&id))
        >
            <div class="card-head">
                <h3>{if current { "Current certificate" } else { "Earlier certificate" }}</h3>
                <Badge look=of_certificate(status) />
            </div>
            {differs}
            <Fingerprint id=id.clone() />
            {record.retirement.clone().map(|retirement| view! { <Retired retirement /> })}
            <Facts record valid_from valid_until />
            <Actions offers />
        </article>
    }
}

#[component]
fn Retired(retirement: Retirement) -> impl IntoView {
    let Retirement { cause, at, by, reason } = retirement;
    view! {
        <p class="retired">
            <strong>{of_retirement(cause)}</strong>
            ", "
            <Moment at />
            {by.map(|by| format!(", by {by}"))}
            {reason.map(|reason| view! { <q class="said">{reason}</q> })}
        </p>
    }
}

#[component]
fn Facts(
    record: ProvisionedVehicle,
    valid_from: Option<shared::Timestamp>,
    valid_until: Option<shared::Timestamp>,
) -> impl IntoView {
    let time = |at: Option<shared::Timestamp>| match at {
        Some(at) => view! { <Moment at /> }.into_any(),
        None => view! { <span class="quiet">"not recorded"</span> }.into_any(),
    };
    let day = |at: Option<shared::Timestamp>| match at {
        Some(at) => view! { <Day at /> }.into_any(),
        None => "?".into_any(),
    };
    let validity = if valid_from.is_none() && valid_until.is_none() {
        view! { <span class="quiet">"not known"</span> }.into_any()
    } else {
        view! { {day(valid_from)} " to " {day(valid_until)} }.into_any()
    };
    let connected = match (record.has_connected_once, record.first_connected_at) {
        (_, Some(at)) => view! { "since " <Moment at /> }.into_any(),
        (true, None) => "yes; since when is not recorded".into_any(),
        (false, None) => "never".into_any(),
    };
    let (claim, authority, issued_by) = (record.claim_certificate_id, record.authority_id, record.issued_by);
    // For one that an operator issued no vehicle asked.
    let client = match record.client_id {
        Some(client) => Some(view! { <code>{client}</code> }.into_any()),
        None if issued_by.is_some() => None,
        None => Some(view! { <span class="quiet">"not recorded"</span> }.into_any()),
    };
    let client = client.map(|client| {
        view! {
            <div>
                <dt>"Asked as client"</dt>
                <dd>{client}</dd>
            </div>
        }
    });
    view! {
        <dl class="facts two">
            <div>
                <dt>"Valid"</dt>
                <dd>{validity}</dd>
            </div>
            <div>
                <dt>"Connected"</dt>
                <dd>{connected}</dd>
            </div>
            <div>
                <dt>"Admitted"</dt>
                <dd>{time(record.admitted_at)}</dd>
            </div>
            <div>
                <dt>"Registered"</dt>
                <dd>{time(record.registered_at)}</dd>
            </div>
            <div>
                <dt>"Came"</dt>
                <dd>
                    <OriginView claim authority issued_by />
                </dd>
            </div>
            {client}
        </dl>
    }
}
