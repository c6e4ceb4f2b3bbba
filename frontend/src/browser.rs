//! The few things that are asked of the browser itself.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

/// Where the content of every page is, and where the focus goes when its own place is gone.
pub const MAIN: &str = "main";

/// Keeps the document's title to what this says.
pub fn title(page: impl Fn() -> String + 'static) {
    Effect::new(move |_| document().set_title(&format!("{} · Vehicle Provisioning", page())));
}

/// Takes the element with this id out of the page, where there is one.
pub fn remove_element(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.remove();
    }
}

/// Moves the focus to the element with this id, where there is one.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        focus_element(&element);
    }
}

/// Moves the focus to this element. One that takes no focus leaves it where it is.
pub fn focus_element(element: &web_sys::Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// The element that has the focus, unless it is the page as a whole.
pub fn focused() -> Option<web_sys::Element> {
    document().active_element().filter(|element| element.tag_name() != "BODY")
}

/// Whether anybody can see the page now.
pub fn is_visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

/// Puts text on the clipboard. `false` where the browser does not let us.
pub async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // On an address that is not trusted the browser offers no clipboard at all.
    let has_clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"))
        .is_ok_and(|clipboard| !clipboard.is_undefined());
    has_clipboard && wasm_bindgen_futures::JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// Hands this text over as a file of this name, as if a link to it had been followed.
pub fn download(name: &str, text: &str, kind: &str) {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    // None of this fails in a browser that runs the console.
    let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options) else { return };
    let Ok(address) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    if let Ok(Ok(link)) = document().create_element("a").map(JsCast::dyn_into::<web_sys::HtmlAnchorElement>) {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    // The browser reads it after the click is handled.
    set_timeout(
        move || {
            let _ = web_sys::Url::revoke_object_url(&address);
        },
        std::time::Duration::from_secs(60),
    );
}

/// An id that no other element has.
pub fn unique_id(kind: &str) -> String {
    use std::cell::Cell;
    thread_local!(static NEXT: Cell<u32> = const { Cell::new(0) });
    NEXT.with(|next| {
        next.set(next.get() + 1);
        format!("{kind}-{}", next.get())
    })
}
