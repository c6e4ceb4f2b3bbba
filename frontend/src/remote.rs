//! What a page shows of the edge: asked for, kept while it is asked for again, and asked for again by itself when the
//! failure was a passing one.
//!
//! Only the outermost layer knows the type of the answer: everything below it is compiled once, not once for each page.

use std::{any::Any, future::Future, pin::Pin, sync::Arc, time::Duration};

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use shared::api::{ApiError, Route};

/// The answer to a question that may change, such as a list whose filter is in the address.
pub struct Remote<T: Send + Sync + 'static> {
    inquiry: Inquiry,
    answer: StoredValue<Option<ArcRwSignal<T>>>,
}

impl<T: Send + Sync + 'static> Clone for Remote<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Remote<T> {}

/// A question and what became of it, whatever the answer is.
#[derive(Clone, Copy)]
pub struct Inquiry {
    question: Signal<Route>,
    arrivals: LocalResource<(Route, Result<Answer, ApiError>)>,
    answered: RwSignal<Option<Route>>,
    failed: RwSignal<Option<(Route, ApiError)>>,
    busy: RwSignal<bool>,
}

type Answer = Arc<dyn Any + Send + Sync>;
type Asking = Pin<Box<dyn Future<Output = Result<Answer, ApiError>>>>;

/// What there is to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing yet.
    Loading,
    /// An answer, perhaps while a newer one is awaited.
    Shown,
    /// The question failed and there is no answer to it from before.
    Failed,
}

/// How long to wait before trying again after so many failures in a row: one second, doubling up to half a minute.
pub fn patience(failures: u32) -> Duration {
    Duration::from_secs(1 << failures.saturating_sub(1).min(5)).min(Duration::from_secs(30))
}

impl<T> Remote<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    /// Asks now, and again whenever the question changes. `patience` says how long to wait after the given number of
    /// passing failures in a row.
    pub fn new<Asked>(
        question: Signal<Route>,
        ask: impl Fn(Route) -> Asked + 'static,
        patience: fn(u32) -> Duration,
    ) -> Self
    where
        Asked: Future<Output = Result<T, ApiError>> + 'static,
    {
        let answer = StoredValue::new(None::<ArcRwSignal<T>>);
        let ask = move |question| {
            let asked = ask(question);
            Box::pin(async move { asked.await.map(|answer| Arc::new(answer) as Answer) }) as Asking
        };
        // What did not change is not drawn again.
        let accept = move |arrived: Answer| {
            let Ok(arrived) = arrived.downcast::<T>() else { return };
            match answer.get_value() {
                Some(shown) if shown.with_untracked(|shown| *shown == *arrived) => {}
                Some(shown) => shown.set((*arrived).clone()),
                None => answer.set_value(Some(ArcRwSignal::new((*arrived).clone()))),
            }
        };
        Remote { inquiry: Inquiry::new(question, Box::new(ask), Box::new(accept), patience), answer }
    }

    /// Asks again.
    pub fn refetch(self) {
        self.inquiry.refetch();
    }

    /// What became of the question.
    pub fn inquiry(self) -> Inquiry {
        self.inquiry
    }

    /// The latest good answer, from the first one on.
    pub fn answer(self) -> Option<ArcRwSignal<T>> {
        self.inquiry.answered.track();
        self.answer.get_value()
    }

    /// The latest good answer as it is now.
    pub fn latest(self) -> Option<T> {
        self.answer().map(|answer| answer.get())
    }
}

impl Inquiry {
    fn new(
        question: Signal<Route>,
        ask: Box<dyn Fn(Route) -> Asking>,
        accept: Box<dyn Fn(Answer)>,
        patience: fn(u32) -> Duration,
    ) -> Self {
        let busy = RwSignal::new(true);
        let arrivals = LocalResource::new(move || {
            let question = question.get();
            let answer = ask(question.clone());
            async move {
                busy.try_set(true);
                (question, answer.await)
            }
        });
        let inquiry = Inquiry { question, arrivals, answered: RwSignal::new(None), failed: RwSignal::new(None), busy };
        inquiry.receive(accept, patience);
        inquiry
    }

    fn receive(self, accept: Box<dyn Fn(Answer)>, patience: fn(u32) -> Duration) {
        let failures = StoredValue::new(0_u32);
        let retry = StoredValue::new(None::<TimeoutHandle>);
        let stop_waiting = move || {
            if let Some(timer) = retry.try_update_value(Option::take).flatten() {
                timer.clear();
            }
        };
        Effect::new(move |_| {
            let Some((question, answer)) = self.arrivals.get() else { return };
            stop_waiting();
            self.busy.set(false);
            match answer {
                Ok(answer) => {
                    failures.set_value(0);
                    self.failed.set(None);
                    accept(answer);
                    if self.answered.with_untracked(|answered| answered.as_ref() != Some(&question)) {
                        self.answered.set(Some(question));
                    }
                }
                Err(error) => {
                    failures.update_value(|failures| *failures += 1);
                    if error.is_passing() {
                        let wait = patience(failures.get_value());
                        retry.set_value(set_timeout_with_handle(move || self.refetch(), wait).ok());
                    }
                    self.failed.set(Some((question, error)));
                }
            }
        });
        let online = window_event_listener(leptos::ev::online, move |_| self.refetch());
        on_cleanup(move || {
            stop_waiting();
            online.remove();
        });
    }

    /// Asks again.
    pub fn refetch(self) {
        self.busy.set(true);
        self.arrivals.refetch();
    }

    /// What there is to see now.
    pub fn phase(self) -> Memo<Phase> {
        Memo::new(move |_| {
            let question = self.question.get();
            let failed = self.failed.with(|failed| failed.as_ref().is_some_and(|(asked, _)| *asked == question));
            self.answered.with(|answered| match answered {
                Some(answered) if *answered == question => Phase::Shown,
                _ if failed => Phase::Failed,
                Some(_) => Phase::Shown,
                None => Phase::Loading,
            })
        })
    }

    /// Why the latest question failed, if it did.
    pub fn error(self) -> Option<ApiError> {
        let question = self.question.get();
        self.failed
            .with(|failed| failed.as_ref().filter(|(asked, _)| *asked == question).map(|(_, error)| error.clone()))
    }

    /// Whether an answer is awaited.
    pub fn is_busy(self) -> bool {
        self.busy.get()
    }

    /// Whether what is shown answers an earlier question.
    pub fn is_outdated(self) -> bool {
        let question = self.question.get();
        self.answered.with(|answered| answered.as_ref().is_some_and(|answered| *answered != question))
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use shared::api::Session;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::{eventually, owned, session};

    fn at_once(_: u32) -> Duration {
        Duration::from_millis(1)
    }

    #[wasm_bindgen_test]
    async fn a_passing_error_is_tried_again_until_the_server_is_back() {
        let _owner = owned();
        let asked = Rc::new(Cell::new(0));
        let remote = Remote::new(
            Signal::stored(Route::Session),
            {
                let asked = Rc::clone(&asked);
                move |_| {
                    asked.set(asked.get() + 1);
                    let answer = if asked.get() < 4 { Err(ApiError::Offline) } else { Ok(session()) };
                    async move { answer }
                }
            },
            at_once,
        );
        eventually("the answer is shown", move || remote.latest() == Some(session())).await;
        assert_eq!(asked.get(), 4);
        assert_eq!(remote.inquiry().error(), None);
        assert_eq!(remote.inquiry().phase().get(), Phase::Shown);
    }

    #[wasm_bindgen_test]
    async fn an_error_that_does_not_pass_waits_for_the_operator() {
        let _owner = owned();
        let asked = Rc::new(Cell::new(0));
        let remote: Remote<Session> = Remote::new(
            Signal::stored(Route::Session),
            {
                let asked = Rc::clone(&asked);
                move |_| {
                    asked.set(asked.get() + 1);
                    async { Err(ApiError::NotSignedIn) }
                }
            },
            at_once,
        );
        let phase = remote.inquiry().phase();
        eventually("the error is there", move || phase.get() == Phase::Failed).await;
        remote.refetch();
        let seen = Rc::clone(&asked);
        eventually("it was asked again", move || seen.get() == 2 && !remote.inquiry().is_busy()).await;
        assert_eq!(remote.inquiry().error(), Some(ApiError::NotSignedIn));
    }

    #[wasm_bindgen_test]
    async fn what_was_shown_stays_while_the_server_is_away() {
        let _owner = owned();
        let down = Rc::new(Cell::new(false));
        let remote = Remote::new(
            Signal::stored(Route::Session),
            {
                let down = Rc::clone(&down);
                move |_| {
                    let answer = if down.get() { Err(ApiError::Offline) } else { Ok(session()) };
                    async move { answer }
                }
            },
            |_| Duration::from_secs(3_600),
        );
        eventually("the answer is shown", move || remote.latest().is_some()).await;
        down.set(true);
        remote.refetch();
        eventually("the error is told", move || remote.inquiry().error() == Some(ApiError::Offline)).await;
        assert_eq!(remote.inquiry().phase().get(), Phase::Shown);
        assert_eq!(remote.latest(), Some(session()));
    }

    #[wasm_bindgen_test]
    async fn an_answer_to_an_earlier_question_is_marked_and_never_hides_the_new_ones_failure() {
        let _owner = owned();
        let question = RwSignal::new(Route::Session);
        let remote = Remote::new(
            question.into(),
            |route| async move {
                match route {
                    Route::Session => Ok(session()),
                    _ => Err(ApiError::NoSuchRoute),
                }
            },
            at_once,
        );
        let phase = remote.inquiry().phase();
        eventually("the answer is shown", move || phase.get() == Phase::Shown).await;
        question.set(Route::Claims);
        assert!(remote.inquiry().is_outdated());
        eventually("the failure is shown", move || phase.get() == Phase::Failed).await;
    }

    #[wasm_bindgen_test]
    fn patience_grows_and_ends_at_half_a_minute() {
        assert_eq!(patience(1), Duration::from_secs(1));
        assert_eq!(patience(3), Duration::from_secs(4));
        assert_eq!(patience(100), Duration::from_secs(30));
    }
}
