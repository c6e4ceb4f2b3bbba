//! Who is signed in and what this deployment is, for every page.

use leptos::prelude::*;
use shared::{
    DEFAULT_VIN_PATTERN, VinPattern,
    api::{Route, Session},
};

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

/// Tells the pattern of this deployment's VINs; the usual one until the edge has told its own.
pub fn vin_pattern() -> impl Fn() -> Option<VinPattern> + Copy + Send + Sync + 'static {
    let session = use_context::<Remote<Session>>();
    move || {
        let told = session.and_then(Remote::latest);
        VinPattern::parse(told.as_ref().map_or(DEFAULT_VIN_PATTERN, |session| &session.vin_pattern)).ok()
    }
}
