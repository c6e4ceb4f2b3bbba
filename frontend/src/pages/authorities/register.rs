//! Registering an authority, with the proof that its key is at hand.

use std::rc::Rc;

use leptos::prelude::*;
use shared::{
    AuthorityMode,
    api::{Done, RegisterAuthority},
};

use crate::{
    browser,
    components::{
        action_dialog::{ActionDialog, Carry, problem_with_reason},
        field::ReasonField,
        fingerprint::{CommandLine, CopyButton},
        pem_field::{PemDraft, PemField},
    },
};

/// What was typed and chosen. It outlives the dialog, so that closing it loses nothing.
#[derive(Clone, Copy, Debug)]
pub struct RegisterDraft {
    certificate: PemDraft,
    verification: PemDraft,
    mode: RwSignal<AuthorityMode>,
    just_in_time: RwSignal<bool>,
    reason: RwSignal<String>,
}

impl RegisterDraft {
    /// Nothing typed yet.
    pub fn empty() -> Self {
        RegisterDraft {
            certificate: PemDraft::empty(),
            verification: PemDraft::empty(),
            mode: RwSignal::new(AuthorityMode::Default),
            just_in_time: RwSignal::new(false),
            reason: RwSignal::new(String::new()),
        }
    }

    /// Forgets what was typed once it was used.
    pub fn clear(self) {
        self.certificate.clear();
        self.verification.clear();
        self.reason.set(String::new());
    }

    fn missing(self) -> Vec<String> {
        let mut missing = Vec::new();
        if !self.certificate.is_ready() {
            missing.push("Hand in the CA certificate.".to_owned());
        }
        if self.mode.get() == AuthorityMode::Default && !self.verification.is_ready() {
            missing.push("Hand in the proof of possession.".to_owned());
        }
        missing.extend(self.reason.with(|reason| problem_with_reason(reason)));
        missing
    }
}

/// Explains the proof of possession step by step, and asks for what is needed.
#[component]
pub fn RegisterDialog(
    /// What the proof has as its common name.
    code: String,
    /// What was typed so far.
    draft: RegisterDraft,
    /// Carries it out.
    carry: Carry<RegisterAuthority>,
    /// It was carried out.
    done: Callback<Done>,
    /// The dialog is to be taken away.
    close: Callback<()>,
) -> impl IntoView {
    let missing = Signal::derive(move || draft.missing());
    let carry: Carry<()> = Rc::new(move |()| {
        let mode = draft.mode.get_untracked();
        carry(RegisterAuthority {
            certificate_pem: draft.certificate.text.get_untracked(),
            verification_pem: (mode == AuthorityMode::Default).then(|| draft.verification.text.get_untracked()),
            mode,
            just_in_time: draft.just_in_time.get_untracked(),
            reason: draft.reason.with_untracked(|reason| reason.trim().to_owned()),
        })
    });
    let group = browser::unique_id("mode");
    let modes: Vec<_> = [
        (AuthorityMode::Default, "DEFAULT", "You prove that you have its key. Its certificates belong to this account and region."),
        (AuthorityMode::SniOnly, "SNI_ONLY", "No proof. The same CA may be registered in several accounts, and vehicles have to name the server they connect to."),
    ]
    .into_iter()
    .map(|(mode, name, meaning)| {
        view! {
            <label class="choice way">
                <input
                    type="radio"
                    name=group.clone()
                    value=mode.as_str()
                    prop:checked=move || draft.mode.get() == mode
                    on:change=move |_| draft.mode.set(mode)
                />
                <span>
                    {name} <span class="hint">{meaning}</span>
                </span>
            </label>
        }
    })
    .collect();
    let request = format!(
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout verification.key -subj /CN={code} -out verification.csr"
    );
    let sign = "openssl x509 -req -in verification.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 -sha256 -out verification.pem";
    let proof = move || draft.mode.get() != AuthorityMode::Default;
    view! {
        <ActionDialog title="Register an authority" confirm="Register authority" missing carry done close>
            <PemField label="CA certificate" draft=draft.certificate hint="PEM or DER of the CA itself. Never its private key." />
            <fieldset>
                <legend>"Mode"</legend>
                <div class="ways">{modes}</div>
            </fieldset>
            <div class="proof" hidden=proof>
                <p class="lead">"Proof of possession, where the CA's key is:"</p>
                <ol class="consequences steps">
                    <li>
                        "The registration code of this account and region is "
                        <code class="code">{code.clone()}</code>
                        <CopyButton text=code.clone() what="registration code" />
                    </li>
                    <li>"Make a request with it as the common name:" <CommandLine command=request /></li>
                    <li>"Have the CA sign it:" <CommandLine command=sign /></li>
                    <li>"Hand in what came of it, verification.pem. The files verification.* are of no further use."</li>
                </ol>
                <PemField
                    label="Proof of possession"
                    draft=draft.verification
                    hint="The certificate with the registration code as its common name, PEM or DER."
                />
            </div>
            <label class="choice way">
                <input
                    type="checkbox"
                    prop:checked=draft.just_in_time
                    on:change=move |event| draft.just_in_time.set(event_target_checked(&event))
                />
                "Vehicles may register themselves when they first connect (just in time)"
            </label>
            <ReasonField value=draft.reason first=false />
        </ActionDialog>
    }
}
