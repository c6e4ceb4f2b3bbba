//! Whether the vehicle may be provisioned, and the ticket under which it may be provisioned once more.

use leptos::prelude::*;
use shared::{AuthorizedVehicle, ReprovisionTicket, TicketState, Timestamp, VehicleStanding};

use super::Intent;
use crate::{
    clock,
    components::{
        badge::{Badge, Look, Tone},
        fingerprint::ShortCertificateId,
        icon::Icon,
        moment::Moment,
    },
};

/// The authorization of the vehicle.
#[component]
pub fn Authorization(
    /// Its record, if there is one.
    authorized: Option<AuthorizedVehicle>,
    /// Where the vehicle stands.
    standing: VehicleStanding,
    /// The edge's clock.
    now: Signal<Timestamp>,
    /// Begins an action.
    begin: Callback<Intent>,
) -> impl IntoView {
    let closed = authorized.as_ref().is_none_or(|authorized| !authorized.allow_provisioning);
    let authorize = closed.then(|| {
        view! {
            <div class="buttons">
                <button
                    type="button"
                    class=if standing == VehicleStanding::NotAllowed { "primary" } else { "" }
                    on:click=move |_| begin.run(Intent::Authorize)
                >
                    "Authorize"
                </button>
            </div>
        }
    });
    let ticket = authorized.as_ref().and_then(|authorized| authorized.ticket.clone());
    view! {
        <section class="card" aria-labelledby="authorization">
            <h2 id="authorization">"Authorization"</h2>
            {match authorized {
                Some(authorized) => view! { <Record authorized /> }.into_any(),
                None => view! { <p>"Nobody authorized this VIN: it cannot provision itself."</p> }.into_any(),
            }}
            {authorize}
        </section>
        <section class="card" aria-labelledby="ticket">
            <h2 id="ticket">"Reprovision ticket"</h2>
            {match ticket {
                Some(ticket) => view! { <Ticket ticket now /> }.into_any(),
                None => {
                    view! { <p class="quiet">"None was ever opened. A vehicle that is provisioned needs one to get a new certificate."</p> }
                        .into_any()
                }
            }}
        </section>
    }
}

#[component]
fn Record(authorized: AuthorizedVehicle) -> impl IntoView {
    let AuthorizedVehicle { make, model, year, allow_provisioning, authorized_by, .. } = authorized;
    let door = if allow_provisioning {
        Look {
            word: "Allowed",
            icon: Icon::Key,
            tone: Tone::Good,
            meaning: "The vehicle may be provisioned, as often as its standing allows.",
        }
    } else {
        Look { word: "Switched off", icon: Icon::Closed, tone: Tone::Stopped, meaning: "Every attempt is denied." }
    };
    let row = |name: &'static str, value: Option<String>| {
        let value = match value {
            Some(value) => value.into_any(),
            None => view! { <span class="quiet">"not recorded"</span> }.into_any(),
        };
        view! {
            <dt>{name}</dt>
            <dd>{value}</dd>
        }
    };
    view! {
        <dl class="facts">
            <dt>"Provisioning"</dt>
            <dd>
                <Badge look=door />
            </dd>
            {row("Make", make)}
            {row("Model", model)}
            {row("Model year", year)}
            {row("Authorized by", authorized_by.or_else(|| Some("another tool".to_owned())))}
        </dl>
    }
}

#[component]
fn Ticket(ticket: ReprovisionTicket, now: Signal<Timestamp>) -> impl IntoView {
    let ReprovisionTicket { opened_at, opened_by, reason, ends_at, used_by } = ticket.clone();
    let state = Memo::new(move |_| ticket.state(now.get()));
    let badge = move || {
        let look = match state.get() {
            TicketState::Open => Look {
                word: "Open",
                icon: Icon::Renew,
                tone: Tone::Waiting,
                meaning: "It would let one certificate in.",
            },
            TicketState::Used => {
                Look { word: "Used", icon: Icon::Check, tone: Tone::Quiet, meaning: "It has let one certificate in." }
            }
            TicketState::Expired => Look {
                word: "Ended unused",
                icon: Icon::UnderWay,
                tone: Tone::Quiet,
                meaning: "Its time was over before anybody used it.",
            },
        };
        view! { <Badge look /> }
    };
    let left = move || {
        (state.get() == TicketState::Open).then(|| {
            // Read out when the page is read, not every second.
            view! {
                <span class="countdown" role="timer" aria-live="off">
                    {move || clock::countdown(ends_at.duration_since(now.get()))}
                </span>
                <span class="quiet">" left"</span>
            }
        })
    };
    view! {
        <p class="ticket-state" data-testid="ticket-state">
            {badge}
            {left}
        </p>
        <dl class="facts">
            <dt>"Opened"</dt>
            <dd>
                <Moment at=opened_at />
            </dd>
            <dt>{move || if state.get() == TicketState::Open { "Ends" } else { "Ended" }}</dt>
            <dd>
                <Moment at=ends_at />
            </dd>
            <dt>"Opened by"</dt>
            <dd>{opened_by}</dd>
            <dt>"Reason"</dt>
            <dd class="said">{reason}</dd>
            {used_by
                .map(|id| {
                    view! {
                        <dt>"Let in"</dt>
                        <dd>
                            <ShortCertificateId id />
                        </dd>
                    }
                })}
        </dl>
    }
}
