//! Who the vehicle is and where it stands, in one sentence; why it was denied last, if it was.

use leptos::prelude::*;
use shared::{AttemptOutcome, DenialReason, Timestamp, VehicleStanding, api::VehicleDetails};

use super::Intent;
use crate::{
    components::{
        actions::{Actions, Offer},
        badge::{Badge, of_standing},
        icon::{Icon, IconView},
        moment::{Ago, Moment},
    },
    pages::vehicles::name_of,
};

/// The head of the page.
#[component]
pub fn Head(
    /// The vehicle.
    details: VehicleDetails,
    /// Begins an action.
    begin: Callback<Intent>,
) -> impl IntoView {
    let look = of_standing(details.standing);
    let reprovision = Offer {
        label: "Reprovision",
        possibility: details.reprovision.clone(),
        grave: false,
        begin: Callback::new(move |()| begin.run(Intent::Reprovision)),
    };
    let issue = Offer {
        label: "Issue a certificate",
        possibility: details.issue.clone(),
        grave: false,
        begin: Callback::new(move |()| begin.run(Intent::Issue)),
    };
    let name = name(&details);
    let since = since(&details);
    view! {
        <section class="vehicle-head">
            <div class="identity">
                {name.map(|name| view! { <p class="name">{name}</p> })}
                <p class="standing">
                    <span data-testid="vehicle-standing" data-standing=details.standing.as_str()>
                        <Badge look />
                    </span>
                    <span>{look.meaning} " " {since}</span>
                </p>
            </div>
            <div class="head-actions">
                <Actions offers=vec![reprovision, issue] />
            </div>
        </section>
        <WhyDenied details />
    }
}

/// Make, model and year: from the authorization, or from the newest certificate where that says nothing.
fn name(details: &VehicleDetails) -> Option<String> {
    let authorized = details.authorized.as_ref();
    authorized.and_then(|vehicle| name_of(&vehicle.make, &vehicle.model, &vehicle.year)).or_else(|| {
        let record = &details.certificates.first()?.record;
        name_of(&record.make, &record.model, &record.year)
    })
}

/// Since when the vehicle stands where it does, as far as that is recorded.
fn since(details: &VehicleDetails) -> Option<AnyView> {
    let current = &details.certificates.iter().find(|certificate| certificate.current)?.record;
    let (words, at) = match details.standing {
        VehicleStanding::Connected => ("First connected", current.first_connected_at?),
        VehicleStanding::Provisioned => ("Registered", current.registered_at?),
        VehicleStanding::Provisioning => ("Admitted", current.admitted_at?),
        VehicleStanding::OnHold | VehicleStanding::Revoked => {
            let retirement = current.retirement.as_ref()?;
            let by = retirement.by.clone().map(|by| format!(" by {by}"));
            return Some(view! { "Since " <Moment at=retirement.at /> {by} "." }.into_any());
        }
        VehicleStanding::Authorized | VehicleStanding::AwaitingReprovision | VehicleStanding::NotAllowed => {
            return None;
        }
    };
    Some(view! { {words} " " <Ago at /> "." }.into_any())
}

/// Whether what the denial asks for is still to be done.
fn still_stands(reason: DenialReason, at: Timestamp, details: &VehicleDetails) -> bool {
    let authorized = details.authorized.as_ref();
    let ticket_since = authorized.and_then(|authorized| authorized.ticket.as_ref()).is_some_and(|t| t.opened_at > at);
    match reason {
        DenialReason::VinNotAuthorized => authorized.is_none(),
        DenialReason::ProvisioningNotAllowed => authorized.is_none_or(|authorized| !authorized.allow_provisioning),
        DenialReason::OnHold => details.standing == VehicleStanding::OnHold,
        DenialReason::AlreadyProvisioned
        | DenialReason::Revoked
        | DenialReason::TicketExpired
        | DenialReason::TicketUsed => !ticket_since,
        DenialReason::RequestIncomplete
        | DenialReason::VinMissing
        | DenialReason::VinMalformed
        | DenialReason::AnotherProvisioningUnderWay
        | DenialReason::CertificateAlreadyKnown
        | DenialReason::CertificateNotValid
        | DenialReason::ClaimRetired => true,
    }
}

/// The reason of the latest attempt, where that was denied.
#[component]
fn WhyDenied(details: VehicleDetails) -> impl IntoView {
    let latest = details.attempts.first()?;
    let AttemptOutcome::Denied(reason) = latest.outcome else { return None };
    if !still_stands(reason, latest.at, &details) {
        return None;
    }
    let claim = latest.claim_certificate_id.clone().map(|claim| {
        let address = crate::address::of_claim(&claim);
        view! {
            " with the claim certificate "
            <a href=address title=claim.as_str().to_owned()>
                <code>{crate::components::fingerprint::short(&claim.0)}</code>
            </a>
        }
    });
    Some(view! {
        <section class="notice warning" data-testid="why-denied">
            <IconView icon=Icon::Denied />
            <div>
                <h2>"Why was it denied?"</h2>
                <p>
                    {reason.explanation()}
                </p>
                <p class="quiet">"The latest attempt, " <Ago at=latest.at /> {claim} "."</p>
            </div>
        </section>
    })
}
