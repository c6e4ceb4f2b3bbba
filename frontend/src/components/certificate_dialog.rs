//! Revoke, hold and release one certificate of one vehicle.

use std::rc::Rc;

use leptos::prelude::*;
use shared::{CertificateId, Vin, api::CertificateAction};

use super::{
    action_dialog::{ActionDialog, Carry, problem_with_reason},
    field::{ReasonField, TextField},
    fingerprint::short,
    vin::serial,
};

/// What was typed. It outlives the dialog, so that closing it loses nothing.
#[derive(Clone, Copy, Debug)]
pub struct CertificateDraft {
    /// Why.
    pub reason: RwSignal<String>,
    /// The end of the VIN, typed to confirm.
    pub typed: RwSignal<String>,
}

impl CertificateDraft {
    /// Nothing typed yet.
    pub fn empty() -> Self {
        CertificateDraft { reason: RwSignal::new(String::new()), typed: RwSignal::new(String::new()) }
    }

    /// Forgets what was typed once it was used.
    pub fn clear(self) {
        self.reason.set(String::new());
        self.typed.set(String::new());
    }
}

/// Asks for the reason, and for the end of the VIN where it cannot be undone.
#[component]
pub fn CertificateDialog(
    /// The vehicle.
    vin: Vin,
    /// Its certificate.
    certificate_id: CertificateId,
    /// Whether it is the one the vehicle should be using.
    current: bool,
    /// What will be done.
    action: CertificateAction,
    /// What was typed so far.
    draft: CertificateDraft,
    /// Carries it out, for the reason given.
    carry: Carry<String>,
    /// It was carried out.
    done: Callback<shared::api::Done>,
    /// The dialog is to be taken away.
    close: Callback<()>,
) -> impl IntoView {
    let grave = action == CertificateAction::Revoke;
    let (title, confirm) = match action {
        CertificateAction::Revoke => ("Revoke this certificate?", "Revoke certificate"),
        CertificateAction::Hold => ("Put this certificate on hold?", "Put on hold"),
        CertificateAction::Release => ("Release this certificate?", "Release certificate"),
    };
    let serial = serial(&vin).to_owned();
    let wanted = serial.clone();
    let missing = Signal::derive(move || {
        let mut missing = Vec::from_iter(draft.reason.with(|reason| problem_with_reason(reason)));
        if grave && !draft.typed.with(|typed| typed.trim().eq_ignore_ascii_case(&wanted)) {
            missing.push(format!("Type {wanted}, how this VIN ends, to confirm."));
        }
        missing
    });
    let carry: Carry<()> = Rc::new(move |()| carry(draft.reason.with_untracked(|reason| reason.trim().to_owned())));
    let consequences: Vec<_> =
        consequences(action, current).iter().map(|consequence| view! { <li>{*consequence}</li> }).collect();
    view! {
        <ActionDialog title confirm grave missing carry done close>
            <dl class="subject">
                <dt>"Vehicle"</dt>
                <dd>
                    <super::vin::VinView vin=vin.clone() />
                </dd>
                <dt>"Certificate"</dt>
                <dd>
                    <code title=certificate_id.as_str().to_owned()>{short(&certificate_id)}</code>
                    {if current { " (current)" } else { " (not the current one)" }}
                </dd>
            </dl>
            <p class="lead">"What will happen:"</p>
            <ul class="consequences">{consequences}</ul>
            {grave.then(|| view! { <p class="cannot-undo">"This cannot be undone."</p> })}
            <ReasonField value=draft.reason />
            {grave
                .then(|| {
                    view! {
                        <TextField
                            label="Last 6 characters of the VIN"
                            value=draft.typed
                            exact=true
                            hint="Typing them makes sure that this is the vehicle you mean."
                        />
                    }
                })}
        </ActionDialog>
    }
}

fn consequences(action: CertificateAction, current: bool) -> &'static [&'static str] {
    match (action, current) {
        (CertificateAction::Revoke, true) => &[
            "AWS IoT refuses this certificate from now on, for good. A live connection is cut, within a few minutes at the latest.",
            "The vehicle cannot provision itself again with its claim certificate until you open a reprovision ticket for it.",
            "To stop it for a while only, put it on hold instead.",
        ],
        (CertificateAction::Revoke, false) => &[
            "AWS IoT refuses this certificate from now on, for good.",
            "It is not the certificate that the vehicle should be using: a device that still uses it loses its connection, within a few minutes at the latest.",
        ],
        (CertificateAction::Hold, _) => &[
            "The vehicle cannot connect with this certificate until you release it. A live connection is cut, within a few minutes at the latest.",
            "Meanwhile it cannot provision itself again with its claim certificate.",
            "Nothing is lost: releasing the certificate puts everything back.",
        ],
        (CertificateAction::Release, _) => {
            &["AWS IoT accepts this certificate again, and the vehicle can connect with it at once."]
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use shared::api::{ApiError, Done};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::{Page, certificate_id, eventually, mounted, receipt, vin};

    type Carried = Rc<RefCell<Vec<String>>>;

    fn dialog(action: CertificateAction, answer: Result<Done, ApiError>) -> (Page, Carried, Carried) {
        let (carried, told) = (Carried::default(), Carried::default());
        let (carried_by, told_by) = (Rc::clone(&carried), send_wrapper(&told));
        let page = mounted(move || {
            let carry: Carry<String> = Rc::new(move |reason| {
                carried_by.borrow_mut().push(reason);
                let answer = answer.clone();
                Box::pin(async move { answer })
            });
            let done = Callback::new(move |done: Done| {
                told_by.with_value(|told| told.borrow_mut().extend(done.steps.into_iter().map(|step| step.what)))
            });
            view! {
                <CertificateDialog
                    vin=vin()
                    certificate_id=certificate_id('a')
                    current=true
                    action
                    draft=CertificateDraft::empty()
                    carry
                    done
                    close=Callback::new(|()| ())
                />
            }
        });
        (page, carried, told)
    }

    fn send_wrapper(told: &Carried) -> StoredValue<Carried, LocalStorage> {
        StoredValue::new_local(Rc::clone(told))
    }

    fn done() -> Done {
        Done { steps: receipt().steps[..1].to_vec(), receipt: None }
    }

    #[wasm_bindgen_test]
    async fn revoking_needs_a_reason_and_the_end_of_the_vin() {
        let (page, carried, told) = dialog(CertificateAction::Revoke, Ok(done()));
        let seen = page.clone();
        eventually("it is open", move || seen.all("dialog[open]").len() == 1).await;
        assert!(page.text().contains("This cannot be undone."));
        assert!(page.button("Revoke certificate").disabled());
        page.enter("textarea", "Stolen from the yard");
        let seen = page.clone();
        eventually("the reason alone is not enough", move || !seen.text().contains("Say why")).await;
        assert!(page.button("Revoke certificate").disabled());
        page.enter("input", "004353");
        assert!(page.button("Revoke certificate").disabled());
        page.enter("input", "004352");
        let seen = page.clone();
        eventually("it can be confirmed", move || !seen.button("Revoke certificate").disabled()).await;
        page.press("Revoke certificate");
        eventually("the outcome is told", move || told.borrow().len() == 1).await;
        assert_eq!(*carried.borrow(), ["Stolen from the yard"]);
    }

    #[wasm_bindgen_test]
    async fn a_failed_action_says_why_and_keeps_what_was_typed() {
        let (page, carried, told) = dialog(CertificateAction::Hold, Err(ApiError::ChangedMeanwhile));
        page.enter("textarea", "Under inspection");
        let seen = page.clone();
        eventually("it can be confirmed", move || !seen.button("Put on hold").disabled()).await;
        page.press("Put on hold");
        let seen = page.clone();
        let sentence = ApiError::ChangedMeanwhile.to_string();
        eventually("the error is shown", move || seen.text().contains(&sentence)).await;
        assert_eq!(page.value("textarea"), "Under inspection");
        assert_eq!(page.all("dialog[open]").len(), 1);
        assert_eq!(carried.borrow().len(), 1);
        assert!(told.borrow().is_empty());
    }

    #[wasm_bindgen_test]
    fn holding_can_be_undone_and_asks_for_no_vin() {
        let (page, ..) = dialog(CertificateAction::Hold, Ok(done()));
        assert!(page.all("input").is_empty());
        assert!(!page.text().contains("cannot be undone"));
    }
}
