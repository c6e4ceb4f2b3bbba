//! What has become of a claim, and numbers that were counted up to a limit.

use leptos::prelude::*;
use shared::{ClaimState, Count};

use crate::components::{
    badge::{Badge, Look, Tone},
    icon::Icon,
};

/// How a claim's state looks.
pub fn of_claim(state: ClaimState) -> Look {
    let (tone, icon, word, meaning) = match state {
        ClaimState::Preparing => {
            (Tone::Waiting, Icon::UnderWay, "Being made", "A rotation is making it; it does not work yet.")
        }
        ClaimState::Current => {
            (Tone::Good, Icon::Confirmed, "Current", "Plants that read the claim's secret get this one.")
        }
        ClaimState::Retiring => (
            Tone::Waiting,
            Icon::Renew,
            "Retiring",
            "A newer one took its place. It still works, for vehicles that were built with it.",
        ),
        ClaimState::Retired => (Tone::Quiet, Icon::Gone, "Retired", "Its time was over, and it was deleted."),
        ClaimState::Burned => (Tone::Stopped, Icon::Withdrawn, "Burned", "An operator took it out of use for good."),
    };
    Look { word, icon, tone, meaning }
}

/// The state of a claim; of one that is not on record, that.
#[component]
pub fn StateView(look: Option<Look>) -> impl IntoView {
    let look = look.unwrap_or(Look {
        word: "Not on record",
        icon: Icon::Warning,
        tone: Tone::Held,
        meaning: "It has the claim policy, and nothing that this console knows gave it that.",
    });
    view! { <Badge look /> }
}

/// A number, or that it is not known.
#[component]
pub fn Counted(count: Option<Count>) -> impl IntoView {
    match count {
        Some(count) => view! { <span>{count.to_string()}</span> }.into_any(),
        None => view! { <span class="quiet">"not known"</span> }.into_any(),
    }
}
