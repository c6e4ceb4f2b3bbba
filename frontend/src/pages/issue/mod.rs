//! A certificate for one vehicle: with keys from AWS, from this browser or from elsewhere, or signed by another authority.

mod browser_keys;
mod handover;

use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_params_map;
use shared::{
    Timestamp, Vin,
    api::{ApiError, CertificateSource, Done, IssueCertificate, IssuedCertificate, Possibility, Route, VehicleDetails},
};

use self::{
    browser_keys::make_keys,
    handover::{Handover, HandoverDialog},
};
use crate::{
    address, api, browser,
    components::{
        action_dialog::problem_with_reason,
        field::ReasonField,
        fingerprint::CommandLine,
        icon::{Icon, IconView},
        pem_field::{PemDraft, PemField},
        receipt::{Receipt, current_receipt},
        states::{RemoteView, cards_skeleton},
        vin::VinView,
    },
    remote::{Remote, patience},
};

/// Where the keys and the certificate come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    KeysByAws,
    KeysHere,
    Request,
    Certificate,
}

impl Way {
    const ALL: [Self; 4] = [Self::KeysByAws, Self::KeysHere, Self::Request, Self::Certificate];

    fn name(self) -> &'static str {
        match self {
            Self::KeysByAws => "AWS makes the keys",
            Self::KeysHere => "This browser makes the keys",
            Self::Request => "The vehicle has its keys: sign its request",
            Self::Certificate => "Another authority signed a certificate",
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            Self::KeysByAws => "You download certificate and private key once. AWS made the key and does not keep it.",
            Self::KeysHere => {
                "A key on the curve P-256 is made here, and you download it once. It never leaves this browser: AWS sees the signing request alone."
            }
            Self::Request => {
                "The private key stays where it is, which is the safest. You hand in the signing request (CSR)."
            }
            Self::Certificate => {
                "A certificate of your own or of a third party's CA. Under a registered authority it is registered as such; \
                 otherwise AWS IoT takes it alone, and the vehicle has to name the server it connects to (SNI)."
            }
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::KeysByAws => "keys-by-aws",
            Self::KeysHere => "keys-here",
            Self::Request => "request",
            Self::Certificate => "certificate",
        }
    }
}

/// What was chosen and typed. It outlives whatever is drawn anew.
#[derive(Clone, Copy)]
struct Draft {
    way: RwSignal<Way>,
    reason: RwSignal<String>,
    request: PemDraft,
    certificate: PemDraft,
}

impl Draft {
    fn empty() -> Self {
        Draft {
            way: RwSignal::new(Way::KeysByAws),
            reason: RwSignal::new(String::new()),
            request: PemDraft::empty(),
            certificate: PemDraft::empty(),
        }
    }

    fn clear(self) {
        self.reason.set(String::new());
        self.request.clear();
        self.certificate.clear();
    }

    fn missing(self) -> Vec<String> {
        let mut missing = Vec::new();
        match self.way.get() {
            Way::Request if !self.request.is_ready() => missing.push("Hand in the signing request.".to_owned()),
            Way::Certificate if !self.certificate.is_ready() => missing.push("Hand in the certificate.".to_owned()),
            _ => {}
        }
        missing.extend(self.reason.with(|reason| problem_with_reason(reason)));
        missing
    }
}

/// The page at `/vehicles/{vin}/issue`.
#[component]
pub fn IssuePage() -> impl IntoView {
    let parameters = use_params_map();
    let vin = Memo::new(move |_| parameters.with(|parameters| parameters.get("vin").unwrap_or_default()));
    // Nothing of one vehicle may be seen under the name of another.
    move || {
        let vin = vin.get();
        view! { <IssueFor vin /> }
    }
}

#[component]
fn IssueFor(
    /// As the address has it.
    vin: String,
) -> impl IntoView {
    browser::title({
        let vin = vin.clone();
        move || format!("Issue a certificate to {vin}")
    });
    let remote = Remote::new(
        Signal::stored(Route::Vehicle(vin.clone())),
        |route| async move {
            let mut details: VehicleDetails = api::ask(route).await?;
            // The clock goes on of itself: without its reading, two answers about an unchanged vehicle are equal.
            details.now = Timestamp::UNIX_EPOCH;
            Ok(details)
        },
        patience,
    );
    let draft = Draft::empty();
    let handover = RwSignal::new(None::<Handover>);
    let receipt = current_receipt();
    let finish = move |vin: &Vin, issued: &IssuedCertificate| {
        draft.clear();
        let Done { steps, receipt: stored } = issued.done.clone();
        receipt.set(Some(Receipt {
            title: "Certificate issued".to_owned(),
            done: Done { steps, receipt: stored },
            link: Some(("To the vehicle", address::of_vehicle(vin))),
        }));
        remote.refetch();
    };
    let issued = Callback::new(move |issued: Handover| {
        // A certificate that somebody handed in needs no handing over.
        if draft.way.get_untracked() == Way::Certificate {
            finish(&issued.vin, &issued.issued);
        } else {
            handover.set(Some(issued));
        }
    });
    let close = Callback::new(move |()| {
        if let Some(taken) = handover.try_update(Option::take).flatten() {
            finish(&taken.vin, &taken.issued);
        }
    });
    view! {
        <nav class="crumbs" aria-label="Where this is">
            <a href="/vehicles">"Vehicles"</a>
            <span aria-hidden="true">" / "</span>
            <a href=format!("/vehicles/{vin}")>{vin.clone()}</a>
            <span aria-hidden="true">" / "</span>
            <span aria-current="page">"Issue a certificate"</span>
        </nav>
        <div class="page-head">
            <h1>"Issue a certificate"</h1>
        </div>
        <RemoteView remote skeleton=cards_skeleton let:details>
            <IssueView details draft issued />
        </RemoteView>
        {move || handover.get().map(|handover| view! { <HandoverDialog handover close /> })}
    }
}

/// What is needed, and the form.
#[component]
fn IssueView(details: Signal<VehicleDetails>, draft: Draft, issued: Callback<Handover>) -> impl IntoView {
    move || {
        let VehicleDetails { vin, issue, .. } = details.get();
        let refused = match &issue {
            Possibility::Possible => None,
            Possibility::Refused(refusal) => Some(refusal.to_string()),
        };
        let possible = refused.is_none();
        view! {
            <section class="card issue" aria-labelledby="before">
                <h2 id="before">"Before you issue"</h2>
                <p>
                    "For vehicle " <VinView vin=vin.clone() />
                    ". It is decided as if the vehicle asked for itself: it must be authorized, and one that was live before needs an open reprovision ticket."
                </p>
                <p>
                    "The certificate is registered by the deployed provisioning template and works at once. Whatever certificate the vehicle has now is retired."
                </p>
                {refused
                    .map(|sentence| {
                        view! {
                            <div class="notice warning" data-testid="issue-refused" id="issue-refused">
                                <IconView icon=Icon::Warning />
                                <p>{sentence} " " <a href=address::of_vehicle(&vin)>"To the vehicle"</a></p>
                            </div>
                        }
                    })}
            </section>
            <IssueForm vin possible draft issued />
        }
    }
}

#[component]
fn IssueForm(vin: Vin, possible: bool, draft: Draft, issued: Callback<Handover>) -> impl IntoView {
    let subject = vin.clone();
    let action = Action::new_unsync(move |(): &()| issue(subject.clone(), draft));
    let busy: Signal<bool> = action.pending().into();
    let answer = action.value();
    Effect::new(move |_| {
        if let Some(Ok(handover)) = answer.get() {
            // The private key is in one place only, and that one forgets it.
            answer.set(None);
            issued.run(handover);
        }
    });
    let missing = Memo::new(move |_| draft.missing());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if possible && missing.with_untracked(Vec::is_empty) && !busy.get_untracked() {
            action.dispatch(());
        }
    };
    let group = browser::unique_id("way");
    let ways: Vec<_> = Way::ALL
        .into_iter()
        .map(|way| {
            view! {
                <label class="choice way">
                    <input
                        type="radio"
                        name=group.clone()
                        value=way.word()
                        prop:checked=move || draft.way.get() == way
                        on:change=move |_| draft.way.set(way)
                    />
                    <span>
                        {way.name()} <span class="hint">{way.meaning()}</span>
                    </span>
                </label>
            }
        })
        .collect();
    let missing_id = browser::unique_id("missing");
    let described_by = missing_id.clone();
    let still_missing = move || {
        let items: Vec<_> = missing.get().into_iter().map(|missing| view! { <li>{missing}</li> }).collect();
        (possible && !items.is_empty()).then(|| view! { <ul class="missing">{items}</ul> })
    };
    let failure = move || match answer.get() {
        Some(Err(error)) if !busy.get() => Some(view! { <Failure error /> }),
        _ => None,
    };
    let request_words =
        format!("The common name must be {vin} or Vehicle_{vin}, or absent. A private key is never taken.");
    let command = format!(
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {vin}.private.key -subj /CN={vin} -out {vin}.csr"
    );
    view! {
        <form class="card issue" on:submit=submit>
            <fieldset>
                <legend>"Where do the keys come from?"</legend>
                <div class="ways">{ways}</div>
            </fieldset>
            <div hidden=move || draft.way.get() != Way::Request>
                <PemField label="Signing request" draft=draft.request hint="PEM or DER, made where the private key is." />
                <p class="hint">{request_words}</p>
                <CommandLine command />
            </div>
            <div hidden=move || draft.way.get() != Way::Certificate>
                <PemField
                    label="Certificate"
                    draft=draft.certificate
                    hint="PEM or DER. The vehicle's certificate first; its chain may follow."
                />
            </div>
            <ReasonField value=draft.reason first=false />
            <div id=missing_id>{still_missing}</div>
            <div role="alert">{failure}</div>
            <div class="buttons end">
                <span class="working" role="status">
                    {move || busy.get().then_some("Working. AWS can take a few seconds.")}
                </span>
                <button
                    type="submit"
                    class="primary"
                    disabled=move || !possible || !missing.with(Vec::is_empty)
                    aria-disabled=move || busy.get().then_some("true")
                    aria-describedby=if possible { described_by } else { "issue-refused".to_owned() }
                >
                    "Issue certificate"
                </button>
            </div>
        </form>
    }
}

/// Makes keys where they are made here, and asks for the certificate.
async fn issue(vin: Vin, draft: Draft) -> Result<Handover, ApiError> {
    let way = draft.way.get_untracked();
    let (source, made_here) = match way {
        Way::KeysByAws => (CertificateSource::KeysByAws, None),
        Way::Request => (CertificateSource::Request { pem: draft.request.text.get_untracked() }, None),
        Way::Certificate => (CertificateSource::Certificate { pem: draft.certificate.text.get_untracked() }, None),
        Way::KeysHere => {
            let keys = make_keys(vin.as_str()).await.map_err(|problem| ApiError::UnusablePem { problem })?;
            (CertificateSource::Request { pem: keys.request }, Some(keys.private_key))
        }
    };
    let reason = draft.reason.with_untracked(|reason| reason.trim().to_owned());
    let body = IssueCertificate { reason, source };
    let mut issued: IssuedCertificate =
        api::call(&Route::IssueCertificate(vin.as_str().to_owned()), Some(&body)).await?;
    let private_key = issued.private_key.take().map(|key| key.0).or(made_here);
    Ok(Handover { vin, issued, private_key })
}

/// Why nothing was issued, or why that is not certain.
#[component]
fn Failure(error: ApiError) -> impl IntoView {
    let unknown = error.is_passing().then_some(
        " It is not certain whether the certificate was issued: look at the vehicle. If it was, revoke it, because a private key made with it was lost with the answer, and issue another one.",
    );
    let sentence = match &error {
        ApiError::Offline => "The console's server did not answer.".to_owned(),
        error => error.to_string(),
    };
    view! {
        <div class="notice danger" data-testid="failure">
            <IconView icon=Icon::Warning />
            <p>
                {sentence}
                {unknown}
            </p>
        </div>
    }
}
