//! Every status as an icon and a word: one table, exhaustive, so that no status is ever shown by its colour alone.

use leptos::prelude::*;
use shared::{AttemptOutcome, CertificateStatus, DenialReason, ReceiptOutcome, RetirementCause, VehicleStanding};

use super::icon::{Icon, IconView};

/// How grave a status is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// In order.
    Good,
    /// In order, and not finished.
    Waiting,
    /// Neither good nor bad.
    Quiet,
    /// Stopped for a while.
    Held,
    /// Stopped.
    Stopped,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Good => "badge good",
            Tone::Waiting => "badge waiting",
            Tone::Quiet => "badge quiet",
            Tone::Held => "badge held",
            Tone::Stopped => "badge stopped",
        }
    }
}

/// How a status looks and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The word beside the icon.
    pub word: &'static str,
    /// The icon.
    pub icon: Icon,
    /// How grave it is.
    pub tone: Tone,
    /// One sentence for somebody who does not know the word.
    pub meaning: &'static str,
}

const fn look(tone: Tone, icon: Icon, word: &'static str, meaning: &'static str) -> Look {
    Look { word, icon, tone, meaning }
}

/// How a vehicle's standing looks.
pub fn of_standing(standing: VehicleStanding) -> Look {
    use VehicleStanding as S;
    match standing {
        S::Connected => look(
            Tone::Good,
            Icon::Confirmed,
            "Connected",
            "This vehicle is in service: its certificate is active, and it has connected with it.",
        ),
        S::Provisioned => look(
            Tone::Good,
            Icon::Ready,
            "Provisioned",
            "This vehicle has an active certificate and has not connected with it yet.",
        ),
        S::Provisioning => look(
            Tone::Waiting,
            Icon::UnderWay,
            "Provisioning",
            "This vehicle was admitted a moment ago, and its registration has not been seen yet.",
        ),
        S::Authorized => look(
            Tone::Quiet,
            Icon::Key,
            "Authorized",
            "This vehicle may provision itself with a claim certificate and has never done so.",
        ),
        S::AwaitingReprovision => look(
            Tone::Waiting,
            Icon::Renew,
            "Awaiting reprovision",
            "This vehicle has no active certificate, and an open ticket lets it get a new one.",
        ),
        S::OnHold => look(
            Tone::Held,
            Icon::Paused,
            "On hold",
            "This vehicle's certificate is suspended: it cannot connect until the certificate is released.",
        ),
        S::Revoked => look(
            Tone::Stopped,
            Icon::Withdrawn,
            "Revoked",
            "This vehicle's certificate was withdrawn for good: only a reprovision ticket lets the vehicle back in.",
        ),
        S::NotAllowed => look(
            Tone::Stopped,
            Icon::Closed,
            "Not allowed",
            "This vehicle has no certificate and may not get one: authorize it if it is yours.",
        ),
    }
}

/// How a certificate's status looks.
pub fn of_certificate(status: CertificateStatus) -> Look {
    use CertificateStatus as S;
    match status {
        S::Active => look(Tone::Good, Icon::Confirmed, "Active", "The vehicle can connect with it."),
        S::Inactive => look(Tone::Held, Icon::Paused, "Inactive", "It cannot be used now; this can be undone."),
        S::PendingActivation => look(
            Tone::Waiting,
            Icon::UnderWay,
            "Pending activation",
            "It was issued, and the vehicle has not registered it yet.",
        ),
        S::Revoked => look(Tone::Stopped, Icon::Withdrawn, "Revoked", "It was withdrawn for good."),
        S::Deleted => look(Tone::Quiet, Icon::Gone, "Deleted", "AWS IoT no longer has it."),
    }
}

/// How the outcome of an attempt looks. The meaning of a denial is its explanation.
pub fn of_outcome(outcome: AttemptOutcome) -> Look {
    use DenialReason as D;
    let AttemptOutcome::Denied(reason) = outcome else {
        return look(Tone::Good, Icon::Confirmed, "Allowed", "The certificate was admitted.");
    };
    let (tone, icon, word) = match reason {
        D::RequestIncomplete => (Tone::Stopped, Icon::Warning, "Denied: request incomplete"),
        D::VinMissing => (Tone::Stopped, Icon::Denied, "Denied: no VIN"),
        D::VinMalformed => (Tone::Stopped, Icon::Denied, "Denied: not a VIN"),
        D::VinNotAuthorized => (Tone::Stopped, Icon::Denied, "Denied: VIN not authorized"),
        D::ProvisioningNotAllowed => (Tone::Stopped, Icon::Closed, "Denied: provisioning switched off"),
        D::AlreadyProvisioned => (Tone::Stopped, Icon::Denied, "Denied: already provisioned"),
        D::OnHold => (Tone::Held, Icon::Paused, "Denied: on hold"),
        D::Revoked => (Tone::Stopped, Icon::Withdrawn, "Denied: revoked"),
        D::TicketExpired => (Tone::Stopped, Icon::Denied, "Denied: ticket ended"),
        D::TicketUsed => (Tone::Stopped, Icon::Denied, "Denied: ticket used"),
        D::AnotherProvisioningUnderWay => (Tone::Stopped, Icon::Denied, "Denied: another request came first"),
        D::CertificateAlreadyKnown => (Tone::Stopped, Icon::Warning, "Denied: certificate known before"),
        D::CertificateNotValid => (Tone::Stopped, Icon::UnderWay, "Denied: certificate not valid now"),
        D::ClaimRetired => (Tone::Stopped, Icon::Warning, "Denied: claim out of use"),
    };
    look(tone, icon, word, reason.explanation())
}

/// How the outcome of an action looks.
pub fn of_receipt(outcome: ReceiptOutcome) -> Look {
    use ReceiptOutcome as O;
    match outcome {
        O::Interrupted => look(
            Tone::Waiting,
            Icon::UnderWay,
            "Interrupted",
            "What became of it was never written: it is under way, or it was interrupted.",
        ),
        O::Proven => {
            look(Tone::Good, Icon::Confirmed, "Done", "Every step was done, and what AWS IoT can confirm is confirmed.")
        }
        O::NotProven => look(
            Tone::Held,
            Icon::Warning,
            "Done, not all proven",
            "Everything that counts was done, and something could not be proven.",
        ),
        O::Failed => look(Tone::Stopped, Icon::Denied, "Failed", "A step failed: repeating the action finishes it."),
        O::NothingDone => look(Tone::Quiet, Icon::Information, "Nothing done", "The vehicle changed in the meantime."),
    }
}

/// What ended the use of a certificate, in a word.
pub fn of_retirement(cause: RetirementCause) -> &'static str {
    match cause {
        RetirementCause::Replaced => "Replaced by a newer certificate",
        RetirementCause::Superseded => "Registered too late: another certificate had been admitted",
        RetirementCause::Revoked => "Revoked",
        RetirementCause::Held => "Put on hold",
    }
}

/// A status: its icon and its word.
#[component]
pub fn Badge(look: Look) -> impl IntoView {
    view! {
        <span class=look.tone.class() title=look.meaning>
            <IconView icon=look.icon />
            {look.word}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::testing::mounted;

    fn all() -> Vec<Vec<Look>> {
        vec![
            VehicleStanding::ALL.into_iter().map(of_standing).collect(),
            CertificateStatus::ALL.into_iter().map(of_certificate).collect(),
            ReceiptOutcome::ALL.into_iter().map(of_receipt).collect(),
            AttemptOutcome::all().map(of_outcome).collect(),
        ]
    }

    #[wasm_bindgen_test]
    fn every_status_has_its_own_word_and_a_sentence() {
        for family in all() {
            let words: HashSet<_> = family.iter().map(|look| look.word).collect();
            assert_eq!(words.len(), family.len(), "{words:?}");
            assert!(family.iter().all(|look| look.meaning.ends_with('.')));
        }
    }

    #[wasm_bindgen_test]
    fn statuses_of_one_tone_differ_in_their_icon_too() {
        for family in all().into_iter().take(3) {
            let icons: HashSet<_> = family.iter().map(|look| look.icon).collect();
            assert_eq!(icons.len(), family.len());
        }
    }

    #[wasm_bindgen_test]
    fn a_badge_shows_an_icon_and_the_word() {
        for look in all().into_iter().flatten() {
            let page = mounted(move || view! { <Badge look /> });
            assert_eq!(page.text(), look.word);
            assert_eq!(page.all("svg").len(), 1);
        }
    }
}
