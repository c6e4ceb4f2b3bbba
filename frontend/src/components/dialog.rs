//! A modal dialog: the browser's own, so that focus, Escape and what lies behind are as everywhere else.

use leptos::{ev, html, prelude::*};

use crate::browser;

/// A modal dialog, open for as long as it is in the page.
#[component]
pub fn Dialog(
    /// What it is about.
    #[prop(into)]
    title: String,
    /// While this is so, it stays open.
    #[prop(into)]
    busy: Signal<bool>,
    /// Takes it out of the page.
    close: Callback<()>,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let opener = StoredValue::new_local(browser::focused());
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get()
            && !dialog.open()
        {
            // It fails only for a dialog that is not in the page, and this one just came.
            let _ = dialog.show_modal();
        }
    });
    on_cleanup(move || {
        let opener = opener.try_get_value().flatten();
        // What lies behind takes no focus until the dialog is out of the page.
        request_animation_frame(move || {
            if browser::focused().is_some() {
                return;
            }
            // What was pressed may be gone after the action it began.
            match opener.filter(|opener| opener.is_connected()) {
                Some(opener) => browser::focus_element(&opener),
                None => browser::focus(browser::MAIN),
            }
        });
    });
    // The browser lets a second Escape through in spite of `cancel`, hence the key itself.
    let keep_open = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && busy.get_untracked() {
            event.prevent_default();
        }
    };
    let cancel = move |event: ev::Event| {
        event.prevent_default();
        if !busy.get_untracked() {
            close.run(());
        }
    };
    let heading = browser::unique_id("dialog");
    let labelled_by = heading.clone();
    view! {
        <dialog
            node_ref=dialog
            aria-labelledby=labelled_by
            on:keydown=keep_open
            on:cancel=cancel
            on:close=move |_| close.run(())
        >
            <h2 id=heading>{title}</h2>
            {children()}
        </dialog>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::{eventually, mounted};

    #[wasm_bindgen_test]
    async fn escape_closes_a_dialog_and_the_focus_returns_to_what_opened_it() {
        let page = mounted(|| {
            let open = RwSignal::new(false);
            let close = Callback::new(move |()| open.set(false));
            view! {
                <button on:click=move |_| open.set(true)>"Open"</button>
                <Show when=move || open.get()>
                    <Dialog title="About" busy=false close>
                        <button>"Within"</button>
                    </Dialog>
                </Show>
            }
        });
        let opener = page.button("Open");
        browser::focus_element(&opener);
        opener.click();
        let seen = page.clone();
        eventually("it is open and has the focus", move || {
            browser::focused().as_ref() == seen.all("dialog[open] button").first()
        })
        .await;
        // What the browser sends for Escape.
        let cancel = web_sys::Event::new("cancel").unwrap();
        page.one("dialog").dispatch_event(&cancel).unwrap();
        let seen = page.clone();
        eventually("it is closed", move || seen.all("dialog").is_empty()).await;
        eventually("the focus is back", move || browser::focused().as_ref() == Some(&opener)).await;
    }
}
