//! What has become of a claim, and numbers that were counted up to a limit.

use leptos::prelude::*;
use shared::{ClaimState, Count};

use crate::components::{
    badge::{Look, Tone},
    icon::Icon,
};

/// How a claim's state looks, and a claim that is not on record.
pub fn of_claim(state: Option<ClaimState>) -> Look {
    let (tone, icon, word, meaning) = match state {
        None => (
            Tone::Held,
            Icon::Warning,
            "Not on record",
            "It has the claim policy, and nothing that this console knows gave it that.",
        ),
        Some(ClaimState::Preparing) => {
            (Tone::Waiting, Icon::UnderWay, "Being made", "A rotation is making it; it does not work yet.")
        }
        Some(ClaimState::Current) => {
            (Tone::Good, Icon::Confirmed, "Current", "Plants that read the claim's secret get this one.")
        }
        Some(ClaimState::Retiring) => (
            Tone::Waiting,
            Icon::Renew,
            "Retiring",
            "A newer one took its place. It still works, for vehicles that were built with it.",
        ),
        Some(ClaimState::Retired) => (Tone::Quiet, Icon::Gone, "Retired", "Its time was over, and it was deleted."),
        Some(ClaimState::Burned) => {
            (Tone::Stopped, Icon::Withdrawn, "Burned", "An operator took it out of use for good.")
        }
    };
    Look { word, icon, tone, meaning }
}

/// A sentence about the vehicles that may come with any claim, unless there are none.
pub fn of_any_claim(count: Option<Count>) -> Option<String> {
    let (who, they, name) = match count {
        Some(Count { number: 0, .. }) => return None,
        Some(Count { number: 1, or_more: false }) => ("1 authorized vehicle has".to_owned(), "it", "names"),
        Some(many) => (format!("{many} authorized vehicles have"), "they", "name"),
        None => ("An unknown number of authorized vehicles have".to_owned(), "they", "name"),
    };
    Some(format!("{who} not come yet and {name} no claim: {they} may have this one."))
}

/// A number, or that it is not known.
#[component]
pub fn Counted(count: Option<Count>) -> impl IntoView {
    match count {
        Some(count) => view! { <span>{count.to_string()}</span> }.into_any(),
        None => view! { <span class="quiet">"not known"</span> }.into_any(),
    }
}
