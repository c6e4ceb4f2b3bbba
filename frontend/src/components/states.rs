//! What a page shows before, instead of and around its data.

use leptos::prelude::*;
use shared::api::ApiError;

use super::icon::{Icon, IconView};
use crate::remote::{Inquiry, Phase, Remote};

/// Shows what a remote has: its skeleton, its error, or its answer as `children` draw it.
///
/// `children` are drawn once and follow the answer's signal from then on.
#[component]
pub fn RemoteView<T>(
    /// Where the answer comes from.
    remote: Remote<T>,
    /// What to show until there is one.
    skeleton: fn() -> AnyView,
    /// What to offer beside Retry, for some errors.
    #[prop(optional)]
    mend: Option<fn(&ApiError) -> Option<AnyView>>,
    /// The answer.
    #[prop(into)]
    children: ViewOf<T>,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let draw = move || untrack(|| remote.answer()).map(|answer| (children.0)(answer.into()));
    view! { <InquiryView inquiry=remote.inquiry() skeleton mend draw=Box::new(draw) /> }
}

/// Draws an answer.
pub struct ViewOf<T: Send + Sync + 'static>(Box<dyn Fn(Signal<T>) -> AnyView + Send>);

impl<T: Send + Sync + 'static, Draw, View> From<Draw> for ViewOf<T>
where
    Draw: Fn(Signal<T>) -> View + Send + 'static,
    View: IntoView + 'static,
{
    fn from(draw: Draw) -> Self {
        ViewOf(Box::new(move |answer| draw(answer).into_any()))
    }
}

#[component]
fn InquiryView(
    inquiry: Inquiry,
    skeleton: fn() -> AnyView,
    mend: Option<fn(&ApiError) -> Option<AnyView>>,
    draw: Box<dyn Fn() -> Option<AnyView> + Send>,
) -> impl IntoView {
    let phase = inquiry.phase();
    let answer = move || match phase.get() {
        Phase::Loading => Some(skeleton()),
        Phase::Failed => None,
        Phase::Shown => draw(),
    };
    let trouble = move || {
        let error = inquiry.error()?;
        let retry = Callback::new(move |()| inquiry.refetch());
        Some(match phase.get() {
            Phase::Shown => view! { <StaleNotice error retry /> }.into_any(),
            Phase::Loading | Phase::Failed => {
                let mend = mend.and_then(|mend| mend(&error));
                view! { <ErrorState error retry>{mend}</ErrorState> }.into_any()
            }
        })
    };
    let waiting = move || inquiry.is_busy() && (inquiry.is_outdated() || phase.get() == Phase::Loading);
    view! {
        <div aria-live="polite">{trouble}</div>
        <div class="remote" aria-busy=move || waiting().to_string()>
            {answer}
        </div>
    }
}

/// A request failed and there is nothing else to show.
#[component]
pub fn ErrorState(
    /// Why.
    error: ApiError,
    /// Tries again.
    retry: Callback<()>,
    /// What else would mend it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = match &error {
        ApiError::NotSignedIn => "You are not signed in",
        ApiError::ForeignOrigin => "This request was refused",
        ApiError::NoSuchRoute
        | ApiError::NoSuchVehicle { .. }
        | ApiError::NoSuchCertificate { .. }
        | ApiError::NoSuchReceipt { .. }
        | ApiError::NoSuchClaim { .. }
        | ApiError::NoSuchAuthority { .. } => "Not found",
        ApiError::UnusablePem { .. } => "This cannot be used",
        ApiError::UnusableTemplate { .. } => "The provisioning template needs mending",
        ApiError::InvalidVin { .. } => "This is not a VIN",
        ApiError::InvalidRequest { .. } => "This request cannot be read",
        ApiError::Refused { .. } => "This is not possible now",
        ApiError::ChangedMeanwhile => "Somebody was faster",
        ApiError::Throttled { .. } => "AWS asks for patience",
        ApiError::Unavailable { .. } => "AWS cannot be reached",
        ApiError::RefusedByAws { .. } => "AWS refused",
        ApiError::Misconfigured { .. } => "A setting is missing",
        ApiError::Offline => "No connection",
    };
    // Being offline says so itself.
    let again = (error.is_passing() && error != ApiError::Offline).then(|| {
        view! { <p class="quiet">"This page tries again by itself. There is no need to reload it."</p> }
    });
    view! {
        <section class="state error" data-testid="error-state">
            <IconView icon=Icon::Warning />
            <h2>{heading}</h2>
            <p>{error.to_string()}</p>
            {again}
            <div class="buttons">
                <button type="button" on:click=move |_| retry.run(())>
                    "Retry"
                </button>
                {children.map(|children| children())}
            </div>
        </section>
    }
}

/// The latest request failed; what is shown is from before.
#[component]
fn StaleNotice(error: ApiError, retry: Callback<()>) -> impl IntoView {
    view! {
        <section class="notice warning" data-testid="stale-notice">
            <IconView icon=Icon::Warning />
            <p>
                <strong>"What is shown may be out of date. "</strong>
                {error.to_string()}
            </p>
            <button type="button" class="small" on:click=move |_| retry.run(())>
                "Retry"
            </button>
        </section>
    }
}

/// There is nothing to show, and that is no error.
#[component]
pub fn EmptyState(
    /// What there is none of.
    heading: &'static str,
    /// What to do about it.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="state empty" data-testid="empty-state">
            <h2>{heading}</h2>
            {children()}
        </section>
    }
}

/// The shape of a table that is on its way.
pub fn table_skeleton() -> AnyView {
    let rows: Vec<_> = (0..8).map(|_| view! { <div class="skeleton-row"></div> }).collect();
    view! {
        <div class="skeleton" role="status">
            <span class="unseen">"Loading…"</span>
            {rows}
        </div>
    }
    .into_any()
}

/// The shape of a page of cards that is on its way.
pub fn cards_skeleton() -> AnyView {
    view! {
        <div class="skeleton" role="status">
            <span class="unseen">"Loading…"</span>
            <div class="skeleton-heading"></div>
            <div class="skeleton-card"></div>
            <div class="skeleton-card"></div>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, rc::Rc, time::Duration};

    use shared::api::{Route, Session};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::{eventually, mounted, session};

    #[component]
    fn Operator(answer: Signal<Session>) -> impl IntoView {
        move || answer.get().operator
    }

    #[wasm_bindgen_test]
    async fn retry_asks_again_and_the_answer_takes_the_errors_place() {
        let asked = Rc::new(Cell::new(0));
        let page = mounted({
            let asked = Rc::clone(&asked);
            move || {
                let remote: Remote<Session> = Remote::new(
                    Signal::stored(Route::Session),
                    move |_| {
                        asked.set(asked.get() + 1);
                        let answer = if asked.get() == 1 { Err(ApiError::NotSignedIn) } else { Ok(session()) };
                        async move { answer }
                    },
                    |_| Duration::from_secs(3_600),
                );
                view! {
                    <RemoteView remote skeleton=table_skeleton let:answer>
                        <Operator answer />
                    </RemoteView>
                }
            }
        });
        assert!(page.text().contains("Loading"));
        let seen = page.clone();
        eventually("the error is shown", move || seen.text().contains("You are not signed in")).await;
        page.press("Retry");
        let seen = page.clone();
        eventually("the answer is shown", move || seen.text() == session().operator).await;
    }

    #[wasm_bindgen_test]
    fn every_error_has_a_heading_and_says_what_to_do() {
        for error in [ApiError::Offline, ApiError::ChangedMeanwhile, ApiError::NoSuchRoute] {
            let sentence = error.to_string();
            let retry = Callback::new(|()| ());
            let page = mounted(move || view! { <ErrorState error retry /> });
            assert!(page.text().contains(&sentence));
            assert!(!page.one("h2").text_content().unwrap().is_empty());
        }
    }
}
