//! An address with nothing at it.

use leptos::prelude::*;

use crate::browser;

/// Nothing is here.
#[component]
pub fn NotFound() -> impl IntoView {
    browser::title(|| "Not found".to_owned());
    view! {
        <section class="state" data-testid="not-found">
            <h1>"There is nothing at this address"</h1>
            <p>"Check it for a slip of the pen, or start from a list."</p>
            <div class="buttons">
                <a class="button primary" href="/vehicles">
                    "Vehicles"
                </a>
                <a class="button" href="/attempts">
                    "Attempts"
                </a>
            </div>
        </section>
    }
}

/// A list's address was edited into a filter that does not exist.
#[component]
pub fn NoSuchFilter(
    /// The list without filters.
    list: &'static str,
) -> impl IntoView {
    view! {
        <section class="state" data-testid="no-such-filter">
            <h2>"This address asks for a filter that does not exist"</h2>
            <p>"Perhaps a part of it was lost when it was copied."</p>
            <div class="buttons">
                <a class="button primary" href=list>
                    "Show the whole list"
                </a>
            </div>
        </section>
    }
}
