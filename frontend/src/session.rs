//! Who is signed in and what this deployment is, for every page.

use js_sys::{Array, Function, Reflect, RegExp};
use leptos::prelude::*;
use shared::{
    DEFAULT_VIN_PATTERN, Vin,
    api::{Route, Session},
};
use wasm_bindgen::JsCast;

use crate::{
    api,
    remote::{Remote, patience},
};

/// Asks who is signed in, for every component below.
pub fn provide_session() -> Remote<Session> {
    let session = Remote::new(Signal::stored(Route::Session), api::ask, patience);
    provide_context(session);
    session
}

/// Tells the VIN in what was typed, once it is complete: what this deployment's pattern accepts.
///
/// Whether it is one is for the edge to decide and to explain; the console wants to know only where Enter leads to.
pub fn complete_vin() -> impl Fn(&str) -> Option<Vin> + Copy + Send + Sync + 'static {
    let session = use_context::<Remote<Session>>();
    move |typed| {
        let told = session.and_then(Remote::latest);
        vin_in(typed, told.as_ref().map_or(DEFAULT_VIN_PATTERN, |session| &session.vin_pattern))
    }
}

fn vin_in(typed: &str, pattern: &str) -> Option<Vin> {
    let written: String =
        typed.chars().filter(|character| !matches!(character, '-' | '_' | '.') && !character.is_whitespace()).collect();
    let vin = Vin::try_from(written.to_ascii_uppercase()).ok()?;
    matches(vin.as_str(), pattern).then_some(vin)
}

/// The browser has an engine for regular expressions already. What only the edge's understands matches nothing here.
fn matches(text: &str, pattern: &str) -> bool {
    let Ok(constructor) = Reflect::get(&js_sys::global(), &"RegExp".into()) else { return false };
    let Some(constructor) = constructor.dyn_ref::<Function>() else { return false };
    let expression = Reflect::construct(constructor, &Array::of1(&format!("^(?:{pattern})$").into()));
    expression.is_ok_and(|expression| expression.unchecked_ref::<RegExp>().test(text))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_vin_is_complete_in_any_spelling_and_not_before() {
        let read = |typed| vin_in(typed, DEFAULT_VIN_PATTERN).map(|vin| vin.as_str().to_owned());
        assert_eq!(read(" 1hg-cm826_33a.004352 ").as_deref(), Some("1HGCM82633A004352"));
        for other in ["", "1HGCM82633A00435", "1HGCM82633A0043521", "1HGCM82633A00435O", "1HGCM82633A00435\u{b2}"] {
            assert_eq!(read(other), None, "{other}");
        }
        assert_eq!(vin_in("trailer7", "TRAILER[0-9]+|X").map(String::from).as_deref(), Some("TRAILER7"));
    }

    #[wasm_bindgen_test]
    fn a_pattern_that_the_browser_cannot_read_completes_no_vin() {
        assert_eq!(vin_in("ABC", "(?x) [A-"), None);
    }
}
