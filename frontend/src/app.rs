//! The routes, and what stands around every page.

use leptos::prelude::*;
use leptos_router::{
    Lazy, NavigateOptions,
    components::{FlatRoutes, Redirect, Route, Router},
    hooks::use_location,
    path,
};

use crate::{
    browser,
    components::{
        header::Header,
        pager::provide_trail,
        receipt::{ReceiptView, provide_receipt},
    },
    pages::{
        later::{Attempts, Authorities, Claim, Claims, Issue, SelfCheck},
        not_found::NotFound,
        vehicle::VehiclePage,
        vehicles::VehiclesPage,
    },
    session::provide_session,
};

/// The whole console.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <Frame />
        </Router>
    }
}

#[component]
fn Frame() -> impl IntoView {
    let session = provide_session();
    let receipt = provide_receipt();
    provide_trail();
    let path = use_location().pathname;
    // A new page is announced, and a receipt belongs to the page it was given on.
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path) {
            receipt.set(None);
            request_animation_frame(|| browser::focus(browser::MAIN));
        }
        path
    });
    let home =
        || view! { <Redirect path="/vehicles" options=NavigateOptions { replace: true, ..Default::default() } /> };
    view! {
        <a class="skip" href="#main" rel="external">
            "Skip to the content"
        </a>
        <Header session />
        <main id=browser::MAIN tabindex="-1">
            <ReceiptView receipt />
            <FlatRoutes fallback=NotFound>
                <Route path=path!("/") view=home />
                <Route path=path!("/vehicles") view=VehiclesPage />
                <Route path=path!("/vehicles/:vin") view=VehiclePage />
                <Route path=path!("/vehicles/:vin/issue") view={Lazy::<Issue>::new()} />
                <Route path=path!("/authorities") view={Lazy::<Authorities>::new()} />
                <Route path=path!("/claims") view={Lazy::<Claims>::new()} />
                <Route path=path!("/claims/:id") view={Lazy::<Claim>::new()} />
                <Route path=path!("/attempts") view={Lazy::<Attempts>::new()} />
                <Route path=path!("/self-check") view={Lazy::<SelfCheck>::new()} />
            </FlatRoutes>
        </main>
    }
}
