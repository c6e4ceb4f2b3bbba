//! A certificate or a request, pasted or read from a file. A private key is not taken, by mistake either.

use leptos::{ev, html, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlInputElement;

use crate::browser;

/// Nothing that is asked for here is near this long, in bytes.
const LONGEST: f64 = 64.0 * 1024.0;

/// What is pasted or read, and what is wrong with it.
#[derive(Clone, Copy, Debug)]
pub struct PemDraft {
    /// The text; never one with a private key in it.
    pub text: RwSignal<String>,
    /// Why the latest text or file was not taken.
    pub problem: RwSignal<Option<String>>,
}

impl PemDraft {
    /// Nothing yet.
    pub fn empty() -> Self {
        PemDraft { text: RwSignal::new(String::new()), problem: RwSignal::new(None) }
    }

    /// Forgets what was handed in.
    pub fn clear(self) {
        self.text.set(String::new());
        self.problem.set(None);
    }

    /// Whether there is something that could be sent.
    pub fn is_ready(self) -> bool {
        self.problem.with(Option::is_none) && self.text.with(|text| !text.trim().is_empty())
    }

    /// Takes a text, unless it holds a private key: that is forgotten at once.
    pub fn take(self, text: String) {
        if text.to_ascii_uppercase().contains("PRIVATE KEY-----") {
            self.text.set(String::new());
            self.problem.set(Some(
                "This is a private key. It was not taken and nothing was sent: hand in the certificate or the request \
                 that belongs to it."
                    .to_owned(),
            ));
        } else {
            // White space after a text that was not taken does not take back why.
            if !text.trim().is_empty() {
                self.problem.set(None);
            }
            self.text.set(text);
        }
    }
}

/// A field to paste PEM into, with a button to read a file instead.
#[component]
pub fn PemField(
    /// What it is.
    label: &'static str,
    /// What is handed in.
    draft: PemDraft,
    /// What helps to find it.
    hint: &'static str,
) -> impl IntoView {
    let id = browser::unique_id("pem");
    let notes = browser::unique_id("notes");
    let area = NodeRef::<html::Textarea>::new();
    let typed = move |event: ev::Event| {
        draft.take(event_target_value(&event));
        // A key that was not taken is not left standing there, either.
        if let Some(area) = area.get_untracked()
            && draft.text.with_untracked(String::is_empty)
        {
            area.set_value("");
        }
    };
    let chosen = move |event: ev::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        // The same file can be chosen again after it was mended.
        input.set_value("");
        if file.size() > LONGEST {
            draft
                .problem
                .set(Some(format!("{} is too large for this: choose the PEM or DER file alone.", file.name())));
            return;
        }
        spawn_local(async move {
            match wasm_bindgen_futures::JsFuture::from(file.array_buffer()).await {
                Ok(content) => draft.take(as_text(&js_sys::Uint8Array::new(&content).to_vec())),
                Err(_) => draft.problem.set(Some("The browser could not read the file: paste its text.".to_owned())),
            }
        });
    };
    view! {
        <div class="field pem">
            <label for=id.clone()>{label}</label>
            <textarea
                node_ref=area
                id=id
                rows="6"
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                aria-describedby=notes.clone()
                aria-invalid=move || draft.problem.with(Option::is_some).then_some("true")
                prop:value=draft.text
                on:input=typed
            ></textarea>
            <div id=notes>
                <p class="hint">{hint}</p>
                {move || draft.problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
            </div>
            <label class="file">
                <span>"Or from a file:"</span>
                <input type="file" aria-label=format!("{label}, from a file") accept=".pem,.crt,.cer,.csr,.der,.txt" on:change=chosen />
            </label>
        </div>
    }
}

/// A file's text, or the base64 of a binary one, which is as good.
fn as_text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => text.to_owned(),
        _ => to_base64(bytes),
    }
}

/// The browser's own base64.
pub fn to_base64(bytes: &[u8]) -> String {
    let letters: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    window().btoa(&letters).unwrap_or_else(|error: JsValue| format!("{error:?}"))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::{eventually, mounted};

    #[wasm_bindgen_test]
    async fn a_private_key_is_not_taken_and_what_to_do_is_said() {
        let page = mounted(|| {
            let draft = PemDraft::empty();
            view! {
                <PemField label="Request" draft hint="The text." />
                <output>{move || draft.text.get()}</output>
            }
        });
        page.enter("textarea", "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----");
        let seen = page.clone();
        eventually("it says so", move || seen.text().contains("It was not taken")).await;
        assert!(!page.text().contains("MIGH"));
        page.enter("textarea", "-----BEGIN CERTIFICATE REQUEST-----");
        let seen = page.clone();
        eventually("the request is taken", move || seen.one("output").text_content().unwrap().contains("REQUEST"))
            .await;
        assert!(!page.text().contains("It was not taken"));
    }

    #[wasm_bindgen_test]
    fn a_binary_file_becomes_base64_and_a_text_stays_a_text() {
        assert_eq!(as_text(b"-----BEGIN"), "-----BEGIN");
        assert_eq!(as_text(&[0x30, 0x82, 0x00, 0xff]), "MIIA/w==");
    }
}
