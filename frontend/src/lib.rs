//! The operator console: a window on the console API.
//!
//! It is not an application but a client. What a page shows is the answer to one [`shared::api::Route`]; where the
//! operator is stands in the address; after an action the page asks again. It holds no AWS credentials, decides
//! nothing, and only `api` knows that there is HTTP.

mod address;
mod api;
mod app;
mod browser;
mod clock;
mod components;
mod pages;
mod remote;
mod session;
#[cfg(test)]
mod testing;
mod theme;

/// Shows the console in the page that loaded it.
pub fn start() {
    console_error_panic_hook::set_once();
    browser::remove_element("boot");
    leptos::mount::mount_to_body(app::App);
}
