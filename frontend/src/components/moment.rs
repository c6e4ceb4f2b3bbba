//! A time, in the operator's time zone, with UTC at hand.

use leptos::prelude::*;
use shared::Timestamp;

use crate::clock;

/// A time to the minute.
#[component]
pub fn Moment(at: Timestamp) -> impl IntoView {
    view! {
        <time datetime=at.to_string() title=clock::utc(at)>
            {clock::local(at)}
        </time>
    }
}

/// A day.
#[component]
pub fn Day(at: Timestamp) -> impl IntoView {
    view! {
        <time datetime=at.to_string() title=clock::utc(at)>
            {clock::local_day(at)}
        </time>
    }
}

/// How long ago a time was when this was drawn.
#[component]
pub fn Ago(at: Timestamp) -> impl IntoView {
    view! {
        <time class="ago" datetime=at.to_string() title=clock::utc(at)>
            {clock::relative(at, clock::now())}
        </time>
    }
}

/// A time of day to the second.
#[component]
pub fn Instant(at: Timestamp) -> impl IntoView {
    view! {
        <time class="instant" datetime=at.to_string() title=clock::utc(at)>
            {clock::local_time(at)}
        </time>
    }
}
