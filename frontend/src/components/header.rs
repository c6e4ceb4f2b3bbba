//! What stands above every page: the product, where one can go, and who is signed in where.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use shared::api::Session;

use super::icon::{Icon, IconView};
use crate::{remote::Remote, theme::Theme};

const PAGES: [(&str, &str); 5] = [
    ("/vehicles", "Vehicles"),
    ("/claims", "Claim certificates"),
    ("/authorities", "Authorities"),
    ("/attempts", "Attempts"),
    ("/self-check", "Self-check"),
];

/// The header of the whole console.
#[component]
pub fn Header(session: Remote<Session>) -> impl IntoView {
    let path = use_location().pathname;
    let links: Vec<_> = PAGES
        .into_iter()
        .map(|(address, name)| {
            let current = move || path.with(|path| path.starts_with(address)).then_some("page");
            view! {
                <li>
                    <a href=address aria-current=current>
                        {name}
                    </a>
                </li>
            }
        })
        .collect();
    let operator = move || {
        session.latest().map(|session| {
            let Session { operator, region, provisioning_template, .. } = session;
            let name = operator.clone();
            view! {
                <span class="region" title=format!("Provisioning template {}", provisioning_template)>
                    <span class="unseen">"Region "</span>
                    {region}
                </span>
                <span class="operator" title=name>
                    <span class="unseen">"Signed in as "</span>
                    {operator}
                </span>
            }
        })
    };
    view! {
        <header>
            <a class="brand" href="/vehicles">
                <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                    <path class="shield" d="M16 2.5l11.5 4.4v8.6c0 7.2-4.7 12.1-11.5 14.5C9.2 27.6 4.5 22.7 4.5 15.5V6.9z" />
                    <path class="letter" d="M10.8 11.5l5.2 9.5 5.2-9.5" />
                </svg>
                "Vehicle Provisioning"
            </a>
            <nav aria-label="Pages">
                <ul>{links}</ul>
            </nav>
            <div class="who">
                {operator}
                <ThemeButton />
            </div>
        </header>
    }
}

/// Light, dark or the system's choice.
#[component]
fn ThemeButton() -> impl IntoView {
    let theme = RwSignal::new(Theme::remembered());
    let switch = move |_| {
        theme.update(|theme| *theme = theme.next());
        theme.get_untracked().apply();
    };
    let icon = move || match theme.get() {
        Theme::System => view! { <IconView icon=Icon::System /> },
        Theme::Light => view! { <IconView icon=Icon::Light /> },
        Theme::Dark => view! { <IconView icon=Icon::Dark /> },
    };
    let name = move || format!("Theme: {}. Change to {}", theme.get().word(), theme.get().next().word());
    view! {
        <button type="button" class="theme" aria-label=name title=name on:click=switch>
            {icon}
        </button>
    }
}
