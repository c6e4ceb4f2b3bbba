//! The pages that are fetched when somebody goes to them, so that the first view does not wait for what it does not show.
//!
//! The release build makes of each a WebAssembly module of its own. In every other build they are there from the start.

use leptos::{prelude::*, wasm_split::SplitLoaderError};
use leptos_router::LazyRoute;

use super::{
    attempts::AttemptsPage,
    authorities::AuthoritiesPage,
    claims::{ClaimsPage, one::ClaimPage},
    issue::IssuePage,
    self_check::SelfCheckPage,
};

/// Names the route of a page, and the module that the page is kept in.
macro_rules! pages {
    ($($route:ident, $module:ident: $page:ident, $address:literal;)*) => {
        $(
            #[doc = concat!("The page at `", $address, "`.")]
            pub struct $route;

            impl LazyRoute for $route {
                fn data() -> Self {
                    Self
                }

                async fn view(_: Self) -> AnyView {
                    #[cfg(feature = "split")]
                    let arrived = $module().await;
                    #[cfg(not(feature = "split"))]
                    let arrived = $module();
                    arrived.unwrap_or_else(|_| view! { <NotLoaded /> }.into_any())
                }
            }

            #[cfg_attr(
                feature = "split",
                leptos::wasm_split::wasm_split($module, wasm_split_path = leptos::wasm_split, fallible)
            )]
            fn $module() -> Result<AnyView, SplitLoaderError> {
                Ok(view! { <$page /> }.into_any())
            }
        )*
    };
}

pages! {
    Attempts, attempts: AttemptsPage, "/attempts";
    Authorities, authorities: AuthoritiesPage, "/authorities";
    Issue, issue: IssuePage, "/vehicles/{vin}/issue";
    Claims, claims: ClaimsPage, "/claims";
    Claim, claim: ClaimPage, "/claims/{id}";
    SelfCheck, self_check: SelfCheckPage, "/self-check";
}

/// A page that could not be fetched: no connection, or the console was deployed anew since it was opened.
#[component]
fn NotLoaded() -> impl IntoView {
    let reload = |_| {
        let _ = window().location().reload();
    };
    view! {
        <section class="state" role="alert" data-testid="not-loaded">
            <h1>"This page could not be fetched"</h1>
            <p>"Either the connection failed, or the console was updated since you opened it. Reload it to get the current one."</p>
            <div class="buttons">
                <button type="button" class="primary" on:click=reload>
                    "Reload"
                </button>
            </div>
        </section>
    }
}
