//! What the console finds out about the deployment, and what to mend.

use std::time::Duration;

use leptos::prelude::*;
use shared::{Check, CheckOutcome, SelfCheck, api::Route};

use crate::{
    api, browser,
    clock::plural,
    components::{
        badge::{Badge, Look, Tone},
        icon::{Icon, IconView},
        moment::Moment,
        states::{RemoteView, table_skeleton},
    },
    remote::Remote,
};

/// A check costs some fifty calls: it is made when somebody asks.
const PATIENCE: Duration = Duration::from_secs(24 * 3_600);

/// The page at `/self-check`.
#[component]
pub fn SelfCheckPage() -> impl IntoView {
    browser::title(|| "Self-check".to_owned());
    let remote: Remote<SelfCheck> = Remote::new(Signal::stored(Route::SelfCheck), api::ask, |_| PATIENCE);
    view! {
        <div class="page-head">
            <h1>"Self-check"</h1>
            <button type="button" class="primary" on:click=move |_| remote.refetch()>
                <IconView icon=Icon::Renew />
                "Check again"
            </button>
        </div>
        <p class="lead">
            "The console tries, without changing anything, what it needs and what it may look at. Functions, rules, roles, the claim secret and quotas are checked with an administrator's credentials: "
            <code>"deploy check"</code> "."
        </p>
        <RemoteView remote skeleton=table_skeleton let:answer>
            <ChecksView answer />
        </RemoteView>
    }
}

/// The checks, the gravest first.
#[component]
pub fn ChecksView(answer: Signal<SelfCheck>) -> impl IntoView {
    move || {
        let SelfCheck { at, mut checks } = answer.get();
        checks.sort_by_key(|check| std::cmp::Reverse(check.outcome));
        let count = |outcome| checks.iter().filter(|check| check.outcome == outcome).count() as i64;
        let (failed, warnings) = (count(CheckOutcome::Failed), count(CheckOutcome::Warning));
        let summary = match (failed, warnings) {
            (0, 0) => format!("All {} passed.", plural(checks.len() as i64, "check")),
            (0, warnings) => format!("Everything works; {} to look at.", plural(warnings, "thing")),
            (failed, _) => format!("{} failed: vehicles or operators are affected.", plural(failed, "check")),
        };
        let rows: Vec<_> = checks.into_iter().map(|check| view! { <CheckRow check /> }).collect();
        view! {
            <p data-testid="self-check-summary">
                <strong>{summary}</strong>
                " Checked "
                <Moment at />
                "."
            </p>
            <ul class="checks" data-testid="checks">
                {rows}
            </ul>
        }
    }
}

#[component]
fn CheckRow(check: Check) -> impl IntoView {
    let Check { name, outcome, found, mend } = check;
    let mend = mend.map(|mend| {
        view! {
            <p class="mend">
                <strong>"To do: "</strong>
                {mend}
            </p>
        }
    });
    view! {
        <li>
            <h2>{name} <Badge look=look_of(outcome) /></h2>
            <p>{found}</p>
            {mend}
        </li>
    }
}

fn look_of(outcome: CheckOutcome) -> Look {
    match outcome {
        CheckOutcome::Passed => {
            Look { word: "Passed", icon: Icon::Confirmed, tone: Tone::Good, meaning: "It is as it should be." }
        }
        CheckOutcome::Warning => Look {
            word: "Warning",
            icon: Icon::Warning,
            tone: Tone::Held,
            meaning: "It works, and somebody should look at it.",
        },
        CheckOutcome::Failed => {
            Look { word: "Failed", icon: Icon::Denied, tone: Tone::Stopped, meaning: "Something does not work." }
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::Timestamp;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::mounted;

    #[wasm_bindgen_test]
    fn what_failed_comes_first_and_says_what_to_do() {
        let checks =
            vec![Check::passed("Table a", "It is ACTIVE."), Check::failed("Thing events", "They are off.", "Do this.")];
        let answer = Signal::stored(SelfCheck { at: Timestamp::UNIX_EPOCH, checks });
        let page = mounted(move || view! { <ChecksView answer /> });
        let text = page.text();
        assert!(text.contains("1 check failed"), "{text}");
        assert!(text.contains("Do this."), "{text}");
        let (failed, passed) = (text.find("Thing events"), text.find("Table a"));
        assert!(failed.is_some() && failed < passed, "{text}");
    }
}
