//! What was issued, handed over once.

use leptos::prelude::*;
use shared::{Vin, api::IssuedCertificate};

use crate::{
    browser,
    components::{
        dialog::Dialog,
        fingerprint::short,
        icon::{Icon, IconView},
    },
};

/// A certificate and, where it was made with it, its private key. It is kept for as long as its dialog is open.
#[derive(Clone, PartialEq, Eq)]
pub struct Handover {
    /// The vehicle.
    pub vin: Vin,
    /// The certificate.
    pub issued: IssuedCertificate,
    /// The private key, PEM, where AWS or this browser made it.
    pub private_key: Option<String>,
}

/// Offers the files. Closing it before the private key was taken asks once more.
#[component]
pub fn HandoverDialog(
    /// What there is to take.
    handover: Handover,
    /// It is to be forgotten.
    close: Callback<()>,
) -> impl IntoView {
    let Handover { vin, issued, private_key } = handover;
    let has_key = private_key.is_some();
    let key_taken = RwSignal::new(!has_key);
    let warned = RwSignal::new(false);
    // Leaving the page is closing it, too.
    let leaving = window_event_listener(leptos::ev::beforeunload, move |event| {
        if !key_taken.get_untracked() {
            event.prevent_default();
            event.set_return_value("The private key was not downloaded.");
        }
    });
    on_cleanup(move || leaving.remove());
    let ask_to_close = Callback::new(move |()| {
        if key_taken.get_untracked() || warned.get_untracked() {
            close.run(());
        } else {
            warned.set(true);
        }
    });
    let name = vin.as_str().to_owned();
    let certificate = issued.certificate_pem.clone();
    let take_certificate = {
        let name = name.clone();
        move |_| browser::download(&format!("{name}.certificate.pem"), &certificate, "application/x-pem-file")
    };
    let key_button = private_key.map(|key| {
        let name = name.clone();
        view! {
            <button
                type="button"
                class="primary"
                on:click=move |_| {
                    browser::download(&format!("{name}.private.key"), &key, "application/x-pem-file");
                    key_taken.set(true);
                    warned.set(false);
                }
            >
                "Download private key"
            </button>
        }
    });
    let warning = move || {
        (warned.get() && !key_taken.get()).then(|| {
            view! {
                <div class="notice danger" role="alert">
                    <IconView icon=Icon::Warning />
                    <p>
                        "The private key was not downloaded. If you close this now it is gone for good: the vehicle cannot use its certificate, and you have to revoke it and issue another one."
                    </p>
                </div>
            }
        })
    };
    let taken =
        move || (has_key && key_taken.get()).then(|| view! { <p class="copied">"The private key was downloaded."</p> });
    let (title, words) = if has_key {
        (
            "Take the private key now",
            "The private key is here and nowhere else: it was not stored and not logged, and it cannot be shown again. Download both files, put them on the vehicle, and close this.",
        )
    } else {
        ("Take the certificate", "The vehicle needs this certificate beside the private key that it keeps.")
    };
    view! {
        <Dialog title busy=false close=ask_to_close>
            <div class="handover" data-testid="handover">
                <p>{words}</p>
                <dl class="subject">
                    <dt>"Vehicle"</dt>
                    <dd>
                        <crate::components::vin::VinView vin=vin.clone() />
                    </dd>
                    <dt>"Certificate"</dt>
                    <dd>
                        <code title=issued.certificate_id.as_str().to_owned()>{short(&issued.certificate_id)}</code>
                    </dd>
                </dl>
                <div class="buttons">
                    {key_button}
                    <button type="button" on:click=take_certificate>
                        "Download certificate"
                    </button>
                    <span role="status">{taken}</span>
                </div>
                {warning}
                <div class="buttons end">
                    {move || {
                        let losing = warned.get() && !key_taken.get();
                        view! {
                            <button
                                type="button"
                                class=if losing { "grave" } else { "" }
                                on:click=move |_| ask_to_close.run(())
                            >
                                {if losing { "Close and lose the key" } else { "Close" }}
                            </button>
                        }
                    }}
                </div>
            </div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use shared::api::Done;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::{certificate_id, eventually, mounted, vin};

    fn handover(private_key: Option<String>) -> Handover {
        Handover {
            vin: vin(),
            issued: IssuedCertificate {
                certificate_id: certificate_id('a'),
                certificate_pem: "CERTIFICATE".to_owned(),
                private_key: None,
                authority_id: None,
                needs_server_name: false,
                valid_until: None,
                done: Done::default(),
            },
            private_key,
        }
    }

    fn shown(private_key: Option<String>) -> (crate::testing::Page, Rc<Cell<bool>>) {
        let closed = Rc::new(Cell::new(false));
        let page = mounted({
            let closed = Rc::clone(&closed);
            move || {
                let closed = StoredValue::new_local(closed);
                let close = Callback::new(move |()| closed.with_value(|closed| closed.set(true)));
                view! { <HandoverDialog handover=handover(private_key) close /> }
            }
        });
        (page, closed)
    }

    #[wasm_bindgen_test]
    async fn closing_before_the_key_was_taken_asks_once_more() {
        let (page, closed) = shown(Some("KEY".to_owned()));
        page.press("Close");
        let seen = page.clone();
        eventually("it warns", move || seen.text().contains("gone for good")).await;
        assert!(!closed.get());
        page.press("Close and lose the key");
        assert!(closed.get());
    }

    #[wasm_bindgen_test]
    async fn once_the_key_is_taken_it_closes_at_once() {
        let (page, closed) = shown(Some("KEY".to_owned()));
        page.press("Download private key");
        let seen = page.clone();
        eventually("it says so", move || seen.text().contains("was downloaded")).await;
        page.press("Close");
        assert!(closed.get());
        assert!(!page.text().contains("KEY"), "the key stands on the page");
    }

    #[wasm_bindgen_test]
    fn a_certificate_without_a_key_closes_at_once() {
        let (page, closed) = shown(None);
        page.press("Close");
        assert!(closed.get());
    }
}
