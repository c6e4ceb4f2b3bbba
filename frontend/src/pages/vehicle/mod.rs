//! One vehicle: who it is, where it stands, what happened, and what can be done.

mod attempts;
mod authorization;
mod certificate;
mod head;
mod receipts;

use std::{rc::Rc, time::Duration};

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};
use shared::{
    CertificateId, TicketState, Timestamp, VehicleStanding, Vin,
    api::{ApiError, Authorize, CertificateAction, Done, OpenTicket, Reason, Route, VehicleDetails},
};

use self::{
    attempts::AttemptsTimeline, authorization::Authorization, certificate::Certificates, head::Head, receipts::Receipts,
};
use crate::{
    address, api, browser, clock,
    components::{
        action_dialog::Carry,
        authorize_dialog::{AuthorizeDialog, AuthorizeDraft},
        certificate_dialog::{CertificateDialog, CertificateDraft},
        fingerprint::CopyButton,
        receipt::{Receipt, current_receipt},
        reprovision_dialog::{ReprovisionDialog, TicketDraft},
        states::{RemoteView, cards_skeleton},
        unreadable::UnreadableRows,
        vin::VinView,
    },
    remote::{Remote, patience},
};

/// How often a vehicle is looked at again while something is about to happen to it.
const WATCH: Duration = Duration::from_secs(4);

/// What the operator wants to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Act on one of the certificates.
    Certificate(CertificateId, CertificateAction),
    /// Open a reprovision ticket.
    Reprovision,
    /// Issue a certificate, on a page of its own.
    Issue,
    /// Authorize the vehicle.
    Authorize,
}

/// The page at `/vehicles/{vin}`.
#[component]
pub fn VehiclePage() -> impl IntoView {
    let parameters = use_params_map();
    let vin = Memo::new(move |_| parameters.with(|parameters| parameters.get("vin").unwrap_or_default()));
    // Nothing of one vehicle may be seen under the name of another.
    move || {
        let vin = vin.get();
        view! { <OneVehicle vin /> }
    }
}

#[component]
fn OneVehicle(
    /// As the address has it.
    vin: String,
) -> impl IntoView {
    browser::title({
        let vin = vin.clone();
        move || vin.clone()
    });
    let reading = RwSignal::new(clock::now());
    let remote = Remote::new(
        Signal::stored(Route::Vehicle(vin.clone())),
        move |route| async move {
            let mut details: VehicleDetails = api::ask(route).await?;
            // The clock goes on of itself: without its reading, two answers about an unchanged vehicle are equal.
            reading.try_set(details.now);
            details.now = Timestamp::UNIX_EPOCH;
            Ok(details)
        },
        patience,
    );
    let now = clock::ticking(move || reading.get());
    watch(remote, now);
    keep_canonical(remote, vin.clone());
    let intent = RwSignal::new(None::<Intent>);
    let begin = Callback::new(move |wanted| intent.set(Some(wanted)));
    provide_context(begin);
    view! {
        <nav class="crumbs" aria-label="Where this is">
            <a href="/vehicles">"Vehicles"</a>
            <span aria-hidden="true">" / "</span>
            <span aria-current="page">{vin.clone()}</span>
        </nav>
        <Heading vin=vin.clone() />
        <RemoteView remote skeleton=cards_skeleton mend=mend_unknown let:details>
            <VehicleView details now begin />
        </RemoteView>
        <Dialogs vin remote intent />
    }
}

/// The VIN, there before anything else is known.
#[component]
fn Heading(vin: String) -> impl IntoView {
    let name = match Vin::try_from(vin.to_ascii_uppercase()) {
        Ok(vin) => view! { <VinView vin /> }.into_any(),
        Err(_) => vin.clone().into_any(),
    };
    view! {
        <h1 class="vehicle-name">
            {name}
            <CopyButton text=vin what="VIN" />
        </h1>
    }
}

/// A vehicle that something is about to happen to is looked at again and again; any other is left alone.
fn watch(remote: Remote<VehicleDetails>, now: Signal<Timestamp>) {
    let look = move || {
        let changing = untrack(|| remote.latest()).is_some_and(|details| is_changing(&details, now.get_untracked()));
        if changing && browser::is_visible() && !untrack(|| remote.inquiry().is_busy()) {
            remote.refetch();
        }
    };
    if let Ok(interval) = set_interval_with_handle(look, WATCH) {
        on_cleanup(move || interval.clear());
    }
}

fn is_changing(details: &VehicleDetails, now: Timestamp) -> bool {
    let under_way = matches!(
        details.standing,
        VehicleStanding::Provisioning | VehicleStanding::Provisioned | VehicleStanding::AwaitingReprovision
    );
    let ticket = details.authorized.as_ref().and_then(|authorized| authorized.ticket.as_ref());
    under_way || ticket.is_some_and(|ticket| ticket.state(now) == TicketState::Open)
}

/// An address with the VIN in another spelling becomes the one address of this vehicle.
fn keep_canonical(remote: Remote<VehicleDetails>, asked: String) {
    let navigate = use_navigate();
    Effect::new(move |_| {
        if let Some(details) = remote.latest()
            && details.vin.as_str() != asked
        {
            let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
            navigate(&address::of_vehicle(&details.vin), options);
        }
    });
}

/// A vehicle nobody knows can be authorized from here.
fn mend_unknown(error: &ApiError) -> Option<AnyView> {
    let begin = use_context::<Callback<Intent>>()?;
    matches!(error, ApiError::NoSuchVehicle { .. }).then(|| {
        view! {
            <button type="button" class="primary" on:click=move |_| begin.run(Intent::Authorize)>
                "Authorize this vehicle"
            </button>
        }
        .into_any()
    })
}

/// Everything that is known of a vehicle.
#[component]
pub fn VehicleView(
    /// The vehicle. Its `now` is not looked at.
    details: Signal<VehicleDetails>,
    /// The edge's clock.
    now: Signal<Timestamp>,
    /// Begins an action.
    begin: Callback<Intent>,
) -> impl IntoView {
    move || {
        let known = details.get();
        let VehicleDetails {
            vin,
            authorized,
            standing,
            certificates,
            attempts,
            more_attempts,
            receipts,
            more_receipts,
            unreadable,
            ..
        } = known.clone();
        view! {
            <Head details=known begin />
            <UnreadableRows rows=unreadable />
            <div class="columns">
                <div class="wide">
                    <Certificates certificates begin />
                    <Receipts vin receipts more=more_receipts />
                    <AttemptsTimeline attempts more=more_attempts />
                </div>
                <div class="narrow">
                    <Authorization authorized standing now begin />
                </div>
            </div>
        }
    }
}

/// The dialog of what the operator wants to do. What was typed outlives it.
#[component]
fn Dialogs(vin: String, remote: Remote<VehicleDetails>, intent: RwSignal<Option<Intent>>) -> impl IntoView {
    let certificate_draft = CertificateDraft::empty();
    let ticket_draft = TicketDraft::empty();
    let authorize_draft = AuthorizeDraft::empty();
    let receipt = current_receipt();
    let navigate = use_navigate();
    let close = Callback::new(move |()| intent.set(None));
    let tell = move |title: &str, done: Done| {
        intent.set(None);
        receipt.set(Some(Receipt { title: title.to_owned(), done, link: None }));
        remote.refetch();
    };
    move || {
        let known = untrack(|| remote.latest());
        match (intent.get()?, known) {
            (Intent::Certificate(id, action), Some(known)) => {
                let current = known.certificates.iter().any(|known| known.current && known.record.certificate_id == id);
                let carry = carry_certificate(known.vin.as_str().to_owned(), id.clone(), action);
                let done = Callback::new(move |done| {
                    certificate_draft.clear();
                    let title = match action {
                        CertificateAction::Revoke => "Certificate revoked",
                        CertificateAction::Hold => "Certificate put on hold",
                        CertificateAction::Release => "Certificate released",
                    };
                    tell(title, done);
                });
                let vin = known.vin;
                let draft = certificate_draft;
                Some(
                    view! { <CertificateDialog vin certificate_id=id current action draft carry done close /> }
                        .into_any(),
                )
            }
            (Intent::Reprovision, Some(known)) => {
                let vin = known.vin.as_str().to_owned();
                let carry: Carry<OpenTicket> = Rc::new(move |ticket| {
                    let route = Route::Reprovision(vin.clone());
                    Box::pin(async move { api::call(&route, Some(&ticket)).await })
                });
                let done = Callback::new(move |done| {
                    ticket_draft.clear();
                    tell("Reprovision ticket opened", done);
                });
                let (vin, standing, draft) = (known.vin, known.standing, ticket_draft);
                Some(view! { <ReprovisionDialog vin standing draft carry done close /> }.into_any())
            }
            (Intent::Authorize, known) => {
                begin_authorization(authorize_draft, &vin, known.as_ref());
                let carry: Carry<Authorize> =
                    Rc::new(|request| Box::pin(async move { api::call(&Route::Authorize, Some(&request)).await }));
                let done = Callback::new(move |(_, done)| {
                    authorize_draft.clear();
                    tell("Vehicle authorized", done);
                });
                Some(view! { <AuthorizeDialog draft=authorize_draft carry done close /> }.into_any())
            }
            (Intent::Issue, Some(known)) => {
                navigate(&address::of_issuing(&known.vin), NavigateOptions::default());
                None
            }
            (Intent::Certificate(..) | Intent::Reprovision | Intent::Issue, None) => None,
        }
    }
}

fn carry_certificate(vin: String, id: CertificateId, action: CertificateAction) -> Carry<String> {
    Rc::new(move |reason| {
        let route = Route::Certificate(vin.clone(), id.clone(), action);
        Box::pin(async move { api::call(&route, Some(&Reason { reason })).await })
    })
}

/// What is typed already stays; what is known is filled in.
fn begin_authorization(draft: AuthorizeDraft, vin: &str, known: Option<&VehicleDetails>) {
    if draft.vin.with_untracked(|typed| !typed.is_empty()) {
        return;
    }
    let authorized = known.and_then(|known| known.authorized.as_ref());
    draft.begin(
        known.map_or(vin, |known| known.vin.as_str()),
        authorized.and_then(|authorized| authorized.make.as_deref()),
        authorized.and_then(|authorized| authorized.model.as_deref()),
        authorized.and_then(|authorized| authorized.year.as_deref()),
    );
}

#[cfg(test)]
mod tests {
    use shared::{
        AttemptOutcome, AuthorizedVehicle, CertificateStatus, ClaimCertificateId, DenialReason, ProvisionedVehicle,
        Refusal, ReprovisionTicket, Retirement, RetirementCause,
        api::{CertificateDetails, Possibility},
    };
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::{Page, attempt, certificate_id, mounted, receipt, vin};

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    fn certificate(digit: char, status: CertificateStatus) -> CertificateDetails {
        CertificateDetails {
            record: ProvisionedVehicle {
                vin: vin(),
                certificate_id: certificate_id(digit),
                make: None,
                model: None,
                year: None,
                region: None,
                certificate_status: status,
                has_connected_once: true,
                first_connected_at: None,
                claim_certificate_id: Some(ClaimCertificateId(certificate_id('c'))),
                authority_id: None,
                issued_by: None,
                client_id: Some("plant-7".to_owned()),
                admitted_at: None,
                registered_at: None,
                retirement: None,
            },
            reported_status: Some(status),
            valid_from: None,
            valid_until: None,
            current: digit == 'a',
            revoke: Possibility::Possible,
            hold: Possibility::Possible,
            release: Possibility::Refused(Refusal::NotOnHold),
        }
    }

    fn vehicle() -> VehicleDetails {
        VehicleDetails {
            vin: vin(),
            standing: VehicleStanding::Connected,
            authorized: Some(AuthorizedVehicle {
                vin: vin(),
                make: Some("Honda".to_owned()),
                model: Some("Accord".to_owned()),
                year: Some("2003".to_owned()),
                allow_provisioning: true,
                admitted_certificate_id: Some(certificate_id('a')),
                ticket: None,
                authorized_by: None,
                expected_claim_certificate_id: None,
            }),
            certificates: vec![certificate('a', CertificateStatus::Active)],
            attempts: vec![attempt(AttemptOutcome::Allowed)],
            more_attempts: false,
            receipts: vec![receipt()],
            more_receipts: None,
            issue: Possibility::Possible,
            reprovision: Possibility::Possible,
            unreadable: Vec::new(),
            now: at("2026-11-23T02:00:00Z"),
        }
    }

    fn shown(details: VehicleDetails) -> Page {
        mounted(move || {
            let now = Signal::stored(details.now);
            view! { <VehicleView details=Signal::stored(details) now begin=Callback::new(|_| ()) /> }
        })
    }

    #[wasm_bindgen_test]
    fn every_standing_is_told_in_a_word_and_a_sentence() {
        for standing in VehicleStanding::ALL {
            let page = shown(VehicleDetails { standing, ..vehicle() });
            let badge = page.one("[data-testid='vehicle-standing']");
            assert_eq!(badge.get_attribute("data-standing").unwrap(), standing.as_str());
            assert!(page.text().contains(crate::components::badge::of_standing(standing).meaning));
        }
    }

    #[wasm_bindgen_test]
    fn a_certificate_whose_record_and_report_differ_says_so_and_the_report_counts() {
        let mut details = vehicle();
        details.certificates[0].reported_status = Some(CertificateStatus::Inactive);
        let page = shown(details);
        let card = page.one("[data-certificate-id]");
        assert_eq!(card.get_attribute("data-status").unwrap(), "INACTIVE");
        assert!(page.text().contains("Our table says Active, AWS IoT says Inactive"), "{}", page.text());
    }

    #[wasm_bindgen_test]
    fn a_certificate_that_aws_no_longer_has_is_deleted_whatever_the_record_says() {
        let mut details = vehicle();
        details.certificates[0].reported_status = None;
        let page = shown(details);
        assert_eq!(page.one("[data-certificate-id]").get_attribute("data-status").unwrap(), "DELETED");
    }

    #[wasm_bindgen_test]
    fn a_retired_certificate_tells_cause_person_and_reason() {
        let mut details = vehicle();
        details.certificates[0].record.retirement = Some(Retirement {
            cause: RetirementCause::Revoked,
            at: at("2026-11-22T10:00:00Z"),
            by: Some("an-operator".to_owned()),
            reason: Some("Stolen from the yard".to_owned()),
        });
        let page = shown(details);
        for told in ["Revoked", "an-operator", "Stolen from the yard"] {
            assert!(page.text().contains(told), "{told}");
        }
    }

    #[wasm_bindgen_test]
    fn an_open_ticket_counts_down_by_the_edges_clock() {
        let mut details = vehicle();
        let ticket = ReprovisionTicket {
            opened_at: at("2026-11-23T01:55:00Z"),
            opened_by: "an-operator".to_owned(),
            reason: "New unit".to_owned(),
            ends_at: at("2026-11-23T02:10:00Z"),
            used_by: None,
        };
        details.authorized.as_mut().unwrap().ticket = Some(ticket);
        assert!(is_changing(&details, details.now));
        let page = shown(details.clone());
        assert!(page.text().contains("10:00"), "{}", page.text());
        assert!(page.text().contains("New unit"));
        let over = at("2026-11-23T02:10:00Z");
        assert!(!is_changing(&details, over));
        let page = shown(VehicleDetails { now: over, ..details });
        assert!(page.text().contains("Ended unused"), "{}", page.text());
    }

    #[wasm_bindgen_test]
    fn a_denied_vehicle_is_told_why_in_a_sentence() {
        let mut details = vehicle();
        details.standing = VehicleStanding::Revoked;
        details.attempts = vec![attempt(AttemptOutcome::Denied(DenialReason::Revoked))];
        let page = shown(details);
        let why = page.one("[data-testid='why-denied']");
        assert!(why.text_content().unwrap().contains(DenialReason::Revoked.explanation()));
        assert!(page.all("[data-testid='why-denied']").len() == 1);
        assert!(shown(vehicle()).all("[data-testid='why-denied']").is_empty());
    }

    #[wasm_bindgen_test]
    fn a_denial_whose_cause_is_mended_is_history() {
        let mut details = vehicle();
        for reason in [DenialReason::VinNotAuthorized, DenialReason::ProvisioningNotAllowed, DenialReason::OnHold] {
            details.attempts = vec![attempt(AttemptOutcome::Denied(reason))];
            assert!(shown(details.clone()).all("[data-testid='why-denied']").is_empty(), "{reason}");
        }
    }

    #[wasm_bindgen_test]
    fn what_is_not_possible_is_disabled_and_says_why() {
        let mut details = vehicle();
        details.reprovision = Possibility::Refused(Refusal::TicketAlreadyOpen);
        let page = shown(details);
        assert!(page.button("Reprovision").disabled());
        assert!(page.button("Release").disabled());
        assert!(!page.button("Revoke").disabled());
        for refusal in [Refusal::TicketAlreadyOpen, Refusal::NotOnHold] {
            assert!(page.text().contains(&refusal.to_string()));
        }
    }

    #[wasm_bindgen_test]
    fn a_vehicle_without_anything_is_a_page_all_the_same() {
        let page = shown(VehicleDetails {
            standing: VehicleStanding::NotAllowed,
            authorized: None,
            certificates: Vec::new(),
            attempts: Vec::new(),
            ..vehicle()
        });
        assert!(page.text().contains("Nobody authorized this VIN"));
        assert!(page.text().contains("No certificate was ever admitted"));
    }
}
