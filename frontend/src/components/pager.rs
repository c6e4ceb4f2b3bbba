//! From page to page of a list. The cursor is in the address and leads forward only, so the way back is the browser's.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_url},
};

use super::icon::{Icon, IconView};

/// The steps forward that were made to get where the list is now.
#[derive(Clone, Copy, Debug)]
pub struct Trail(RwSignal<Vec<Step>>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    from: String,
    to: String,
}

/// Keeps the trail for every component below. It outlives the list, for those who look at a vehicle and come back.
pub fn provide_trail() {
    let trail = RwSignal::new(Vec::<Step>::new());
    let url = use_url();
    Effect::new(move |_| {
        let here = url.with(|url| at(url.path(), url.search()));
        let went_back = trail.with_untracked(|trail| trail.iter().position(|step| step.from == here));
        if let Some(position) = went_back {
            trail.update(|trail| trail.truncate(position));
        }
    });
    provide_context(Trail(trail));
}

fn at(path: &str, search: &str) -> String {
    if search.is_empty() { path.to_owned() } else { format!("{path}?{search}") }
}

/// Next, Previous, and back to the start of the list.
#[component]
pub fn Pager(
    /// The address of the next page, if there is one.
    next: Signal<Option<String>>,
    /// The address of the first page, where this is a later one.
    first: Signal<Option<String>>,
) -> impl IntoView {
    let Some(Trail(trail)) = use_context() else { return ().into_any() };
    let url = use_url();
    let navigate = use_navigate();
    let here = move || url.with(|url| at(url.path(), url.search()));
    let came_by = move || {
        let here = here();
        trail.with(|trail| trail.iter().position(|step| step.to == here))
    };
    let forward = StoredValue::new_local(move |_| {
        if let Some(to) = next.get_untracked() {
            let from = untrack(here);
            trail.update(|trail| {
                trail.retain(|step| step.from != from);
                trail.push(Step { from, to: to.clone() });
            });
            navigate(&to, NavigateOptions::default());
        }
    });
    let back = move |_| {
        if let Ok(history) = window().history() {
            let _ = history.back();
        }
    };
    let shown = move || next.with(Option::is_some) || first.with(Option::is_some);
    view! {
        <Show when=shown>
            <nav class="pager" aria-label="Pages of the list">
                <Show when=move || first.with(Option::is_some)>
                    <a class="button" href=move || first.get().unwrap_or_default()>
                        "First page"
                    </a>
                </Show>
                <Show when=move || came_by().is_some()>
                    <button type="button" on:click=back>
                        <IconView icon=Icon::Back />
                        "Previous page"
                    </button>
                </Show>
                <span class="place">{move || came_by().map(|steps| format!("Page {}", steps + 2))}</span>
                <button
                    type="button"
                    disabled=move || next.with(Option::is_none)
                    on:click=move |event| forward.with_value(|forward| forward(event))
                >
                    "Next page"
                    <IconView icon=Icon::Forward />
                </button>
            </nav>
        </Show>
    }
    .into_any()
}
