//! Certificate ids, short or in full, and always to be copied.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use shared::CertificateId;

use super::icon::{Icon, IconView};
use crate::browser;

/// The first and last digits of a certificate id, the whole of it on hover and by copying.
#[component]
pub fn ShortCertificateId(id: CertificateId) -> impl IntoView {
    let text = id.as_str().to_owned();
    view! {
        <span class="certificate-id">
            <code title=text.clone()>{short(&id)}</code>
            <CopyButton text what="certificate id" />
        </span>
    }
}

/// A certificate id in full, in groups of four digits.
#[component]
pub fn Fingerprint(id: CertificateId) -> impl IntoView {
    let groups: Vec<_> = (0..16)
        .map(|group| id.as_str()[group * 4..group * 4 + 4].to_owned())
        .map(|group| view! { <span>{group}</span> })
        .collect();
    view! {
        <span class="fingerprint">
            <code aria-label=id.as_str().to_owned() role="text">
                {groups}
            </code>
            <CopyButton text=id.as_str().to_owned() what="fingerprint" />
        </span>
    }
}

/// `3f2a91c4…07be`.
pub fn short(id: &CertificateId) -> String {
    let id = id.as_str();
    format!("{}…{}", &id[..8], &id[id.len() - 4..])
}

/// A sentence with every id and version of forty or more hexadecimal digits in short.
pub fn ids_in_short(sentence: &str) -> String {
    let mut shortened = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while !rest.is_empty() {
        let is_digit = |letter: char| letter.is_ascii_hexdigit();
        // Both ends are between two characters: digits are ASCII, and what is found begins a character.
        let (digits, after) = rest.split_at(rest.find(|letter| !is_digit(letter)).unwrap_or(rest.len()));
        if digits.len() < 40 {
            shortened.push_str(digits);
        } else {
            shortened.push_str(&format!("{}…{}", &digits[..8], &digits[digits.len() - 4..]));
        }
        let (between, next) = after.split_at(after.find(is_digit).unwrap_or(after.len()));
        shortened.push_str(between);
        rest = next;
    }
    shortened
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Copying {
    Offered,
    Copied,
    Failed,
}

/// Puts a text on the clipboard and says whether that worked.
#[component]
pub fn CopyButton(
    /// What is copied.
    text: String,
    /// What it is, in a word.
    what: &'static str,
) -> impl IntoView {
    let state = RwSignal::new(Copying::Offered);
    let copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            let copied = browser::copy(&text).await;
            state.try_set(if copied { Copying::Copied } else { Copying::Failed });
            set_timeout(
                move || {
                    state.try_set(Copying::Offered);
                },
                Duration::from_secs(3),
            );
        });
    };
    let icon = move || match state.get() {
        Copying::Offered => view! { <IconView icon=Icon::Copy /> },
        Copying::Copied => view! { <IconView icon=Icon::Check /> },
        Copying::Failed => view! { <IconView icon=Icon::Warning /> },
    };
    let said = move || match state.get() {
        Copying::Offered => "",
        Copying::Copied => "Copied",
        Copying::Failed => "The browser does not let us copy: select the text",
    };
    view! {
        <button type="button" class="copy" aria-label=format!("Copy {what}") title=format!("Copy {what}") on:click=copy>
            {icon}
        </button>
        <span class="copied" role="status">
            {said}
        </span>
    }
}

/// A command to be copied as a whole.
#[component]
pub fn CommandLine(
    /// One line.
    #[prop(into)]
    command: String,
) -> impl IntoView {
    view! {
        <p class="command">
            <code>{command.clone()}</code>
            <CopyButton text=command what="command" />
        </p>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::certificate_id;

    #[wasm_bindgen_test]
    fn an_id_within_a_sentence_is_written_in_short_and_nothing_else_is() {
        let id = certificate_id('a');
        let told = ids_in_short(&format!("Gäbe {id}, activated by decade at 10:00, version {}", "0f".repeat(20)));
        assert_eq!(told, format!("Gäbe {}, activated by decade at 10:00, version 0f0f0f0f…0f0f", short(&id)));
        assert_eq!(ids_in_short(""), "");
    }
}
