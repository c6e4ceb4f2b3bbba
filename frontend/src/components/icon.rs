//! The console's own icons, drawn on a grid of 16 by 16.

use leptos::prelude::*;

/// What an icon shows. None of them stands alone: a word is always beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Icon {
    /// A check mark in a circle.
    Confirmed,
    /// A dot in a circle.
    Ready,
    /// An hourglass.
    UnderWay,
    /// A key.
    Key,
    /// Two arrows in a circle.
    Renew,
    /// Two bars in a circle.
    Paused,
    /// A circle with a stroke through it.
    Withdrawn,
    /// A padlock.
    Closed,
    /// A bin.
    Gone,
    /// A triangle with an exclamation mark.
    Warning,
    /// A circle with an i.
    Information,
    /// Two sheets.
    Copy,
    /// A check mark.
    Check,
    /// A magnifying glass.
    Search,
    /// A plus sign.
    Add,
    /// A cross.
    Cross,
    /// A cross in a circle.
    Denied,
    /// An angle to the left.
    Back,
    /// An angle to the right.
    Forward,
    /// A sun.
    Light,
    /// A moon.
    Dark,
    /// A circle, half filled.
    System,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::Confirmed => "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM5.2 8.2l2 2l3.7-4",
            Icon::Ready => "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM8 7a1 1 0 1 0 0 2a1 1 0 0 0 0-2z",
            Icon::UnderWay => "M4 1.8h8M4 14.2h8M5 1.8v2.6L8 8l3-3.6V1.8M5 14.2v-2.6L8 8l3 3.6v2.6",
            Icon::Key => "M10.6 2a3.4 3.4 0 1 0 0 6.8a3.4 3.4 0 0 0 0-6.8zM8.2 7.8L2.5 13.5M4.6 11.4l1.8 1.8",
            Icon::Renew => "M13.2 7.2A5.3 5.3 0 0 0 3.6 5M2.8 8.8A5.3 5.3 0 0 0 12.4 11M3.4 2v3.2h3.2M12.6 14v-3.2H9.4",
            Icon::Paused => "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM6.3 5.5v5M9.7 5.5v5",
            Icon::Withdrawn => "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM3.5 3.5l9 9",
            Icon::Closed => "M3.5 7.2h9v6.8h-9zM5.3 7.2V5a2.7 2.7 0 0 1 5.4 0v2.2M8 10v1.5",
            Icon::Gone => "M2.8 4.3h10.4M6.3 4V2.3h3.4V4M4.3 4.3l.6 9.4h6.2l.6-9.4M6.8 6.8v4.4M9.2 6.8v4.4",
            Icon::Warning => "M8 2l6.6 11.6H1.4zM8 6.4v3.2M8 11.6v.1",
            Icon::Information => "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM8 7.4v3.8M8 4.8v.1",
            Icon::Copy => "M5.5 5.5h8v8h-8zM3.2 10.5h-.7v-8h8v.7",
            Icon::Check => "M2.8 8.6l3.3 3.3l7-7.4",
            Icon::Search => "M7 2.3a4.7 4.7 0 1 0 0 9.4a4.7 4.7 0 0 0 0-9.4zM10.5 10.5l3.6 3.6",
            Icon::Add => "M8 2.8v10.4M2.8 8h10.4",
            Icon::Cross => "M3.6 3.6l8.8 8.8M12.4 3.6l-8.8 8.8",
            Icon::Denied => "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6",
            Icon::Back => "M10 3L5 8l5 5",
            Icon::Forward => "M6 3l5 5l-5 5",
            Icon::Light => {
                "M8 5.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 0 0 0-5.6zM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8L13 13M13 3l-1.2 1.2M4.2 11.8L3 13"
            }
            Icon::Dark => "M13.5 9.6A5.9 5.9 0 0 1 6.4 2.5a5.9 5.9 0 1 0 7.1 7.1z",
            Icon::System => "M8 1.8a6.2 6.2 0 1 0 0 12.4zM8 1.8a6.2 6.2 0 0 1 0 12.4M10.5 3v10M12.6 4.6v6.8",
        }
    }
}

/// An icon, for the eye only.
#[component]
pub fn IconView(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=icon.path() />
        </svg>
    }
}
