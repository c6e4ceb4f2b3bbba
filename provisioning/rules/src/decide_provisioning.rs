//! The decision of the pre-provisioning hook.

use shared::{
    AttemptId, AttemptOutcome, AuthorityId, AuthorizedVehicle, CertificateId, CertificateStatus, ClaimCertificateId,
    ClaimState, DenialReason, InvalidVin, ProvisionedVehicle, ProvisioningAttempt, ReprovisionTicket, TicketState,
    Timestamp, Vin, VinPattern,
};

use crate::retire::can_be_admitted_again;
use crate::{Admission, Effect, VehicleFacts, current_certificate};

/// What a vehicle that presents a claim certificate asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisioningRequest {
    /// The `vin` parameter as the vehicle sent it; `None` where it sent none, or no text.
    pub presented_vin: Option<String>,
    /// The certificate to register. AWS IoT always names it; `None` is a request that AWS IoT did not make.
    pub certificate_id: Option<CertificateId>,
    /// The claim certificate it asks with.
    pub claim_certificate_id: Option<ClaimCertificateId>,
    /// What has become of that claim certificate; `None` where it is not on record.
    pub claim_state: Option<ClaimState>,
    /// The authority that signed the certificate, where the vehicle came with one of its own.
    pub authority_id: Option<AuthorityId>,
    /// The operator who issued it in the console; `None` where a vehicle asked for itself.
    pub issued_by: Option<String>,
    /// Why the operator issues it.
    pub reason: Option<String>,
    /// The MQTT client id it asks with.
    pub client_id: Option<String>,
    /// The AWS region it asks in.
    pub region: String,
    /// When the request is decided.
    pub at: Timestamp,
    /// The vehicle this certificate was admitted for before, if it ever was.
    pub admitted_for: Option<Vin>,
}

/// Whether a vehicle is let in. A refusal is a result, and its reason is data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProvisioningDecision {
    /// AWS IoT is to register the certificate, with the VIN in this spelling.
    Allow(Vin),
    /// AWS IoT is to refuse.
    Deny(DenialReason),
}

const LONGEST_KEPT_VIN: usize = 256;

impl ProvisioningRequest {
    /// The VIN and the certificate of the request, or why it can be denied without knowing any more.
    pub fn subject(&self, pattern: &VinPattern) -> Result<(Vin, CertificateId), DenialReason> {
        let certificate_id = self.certificate_id.clone().ok_or(DenialReason::RequestIncomplete)?;
        let presented = self.presented_vin.as_deref().ok_or(DenialReason::VinMissing)?;
        match Vin::parse(presented, pattern) {
            Ok(vin) => Ok((vin, certificate_id)),
            Err(InvalidVin::Empty) => Err(DenialReason::VinMissing),
            Err(_) => Err(DenialReason::VinMalformed),
        }
    }

    fn attempt(&self, vin: Option<&Vin>, outcome: AttemptOutcome) -> ProvisioningAttempt {
        ProvisioningAttempt {
            attempt_id: AttemptId::new(self.at, self.certificate_id.as_ref()),
            at: self.at,
            presented_vin: self.presented_vin.as_deref().map(|text| cut(text, LONGEST_KEPT_VIN).to_owned()),
            vin: vin.cloned(),
            certificate_id: self.certificate_id.clone(),
            claim_certificate_id: self.claim_certificate_id.clone(),
            authority_id: self.authority_id.clone(),
            issued_by: self.issued_by.clone(),
            reason: self.reason.clone(),
            client_id: self.client_id.as_deref().map(|text| cut(text, LONGEST_KEPT_VIN).to_owned()),
            outcome,
        }
    }
}

/// Decides on a request for the vehicle of `facts`.
///
/// A denial changes nothing for the vehicle. A vehicle that was ever live is let in again only under an open ticket, and
/// its certificate stays in use until the new one is registered. A ticket, like a first admission, can be tried again as
/// long as the certificate it let in was never registered: vehicles lose power and network. A vehicle that comes with a
/// certificate of its own is admitted with it again where another one was admitted in between.
pub fn decide_provisioning(
    request: &ProvisioningRequest,
    facts: &VehicleFacts,
    certificate_id: &CertificateId,
) -> (ProvisioningDecision, Vec<Effect>) {
    let vin = &facts.vin;
    // One certificate speaks for one vehicle.
    if request.admitted_for.as_ref().is_some_and(|other| other != vin) {
        return deny(request, Some(vin), DenialReason::CertificateAlreadyKnown);
    }
    // Deactivating a claim ends its connections within minutes; its record ends what it is good for at once.
    if request.claim_state.is_some_and(ClaimState::has_ended) {
        let (decision, mut effects) = deny(request, Some(vin), DenialReason::ClaimRetired);
        // A certificate that was admitted with the claim while it worked is on record, and not this request's to delete.
        if facts.row(certificate_id).is_some() {
            effects.retain(|effect| !matches!(effect, Effect::DeletePendingCertificate(_)));
        }
        return (decision, effects);
    }
    if let Some(row) = facts.row(certificate_id) {
        let asked_again = row.certificate_status == CertificateStatus::PendingActivation
            && facts.admitted() == Some(certificate_id)
            && facts.authorized.as_ref().is_some_and(|authorized| authorized.allow_provisioning);
        if asked_again {
            let attempt = request.attempt(Some(vin), AttemptOutcome::Allowed);
            return (ProvisioningDecision::Allow(vin.clone()), vec![Effect::RecordAttempt(Box::new(attempt))]);
        }
        if request.claim_certificate_id.is_some() || !can_be_admitted_again(row) {
            return deny(request, Some(vin), DenialReason::CertificateAlreadyKnown);
        }
    }
    let Some(authorized) = &facts.authorized else {
        return deny(request, Some(vin), DenialReason::VinNotAuthorized);
    };
    match entitlement(facts, authorized, request.at) {
        Err(reason) => deny(request, Some(vin), reason),
        Ok(uses_ticket) => {
            let admission = admission(request, facts, authorized, certificate_id, uses_ticket);
            let mut effects = Vec::from_iter(facts.unseen_registration(request.at));
            effects.push(Effect::AdmitCertificate(Box::new(admission)));
            (ProvisioningDecision::Allow(vin.clone()), effects)
        }
    }
}

/// Whether the vehicle may be let in now, and whether it takes a ticket.
pub(crate) fn entitlement(
    facts: &VehicleFacts,
    authorized: &AuthorizedVehicle,
    now: Timestamp,
) -> Result<bool, DenialReason> {
    if facts.is_on_hold() {
        return Err(DenialReason::OnHold);
    }
    if !facts.was_ever_live() {
        return if authorized.allow_provisioning { Ok(false) } else { Err(DenialReason::ProvisioningNotAllowed) };
    }
    let without_ticket = match current_certificate(facts).map(|row| row.certificate_status) {
        Some(CertificateStatus::Active | CertificateStatus::Inactive) => DenialReason::AlreadyProvisioned,
        _ => DenialReason::Revoked,
    };
    let ticket = authorized.ticket.as_ref().ok_or(without_ticket)?;
    match state_for_admission(ticket, facts, now) {
        TicketState::Used => Err(DenialReason::TicketUsed),
        TicketState::Expired => Err(DenialReason::TicketExpired),
        TicketState::Open if authorized.allow_provisioning => Ok(true),
        TicketState::Open => Err(DenialReason::ProvisioningNotAllowed),
    }
}

/// A ticket whose certificate was never registered has let nobody in yet.
fn state_for_admission(ticket: &ReprovisionTicket, facts: &VehicleFacts, now: Timestamp) -> TicketState {
    let never_registered = ticket
        .used_by
        .as_ref()
        .and_then(|certificate_id| facts.row(certificate_id))
        .is_some_and(|row| row.certificate_status == CertificateStatus::PendingActivation);
    if never_registered { ReprovisionTicket { used_by: None, ..ticket.clone() }.state(now) } else { ticket.state(now) }
}

fn admission(
    request: &ProvisioningRequest,
    facts: &VehicleFacts,
    authorized: &AuthorizedVehicle,
    certificate_id: &CertificateId,
    uses_ticket: bool,
) -> Admission {
    let row = ProvisionedVehicle {
        vin: facts.vin.clone(),
        certificate_id: certificate_id.clone(),
        make: authorized.make.clone(),
        model: authorized.model.clone(),
        year: authorized.year.clone(),
        region: Some(request.region.clone()),
        certificate_status: CertificateStatus::PendingActivation,
        has_connected_once: false,
        first_connected_at: None,
        claim_certificate_id: request.claim_certificate_id.clone(),
        authority_id: request.authority_id.clone(),
        issued_by: request.issued_by.clone(),
        client_id: request.client_id.as_deref().map(|text| cut(text, LONGEST_KEPT_VIN).to_owned()),
        admitted_at: Some(request.at),
        registered_at: None,
        retirement: None,
    };
    Admission {
        row,
        attempt: request.attempt(Some(&facts.vin), AttemptOutcome::Allowed),
        in_place_of: authorized.admitted_certificate_id.clone(),
        admitted_before: facts.row(certificate_id).and_then(|row| row.admitted_at),
        ticket: authorized.ticket.clone(),
        uses_ticket,
        previous_never_registered: facts.admitted_never_registered(),
    }
}

/// Denies a request: the attempt is kept and the useless certificate goes. `vin` is `None` where the request names no vehicle.
pub fn deny(
    request: &ProvisioningRequest,
    vin: Option<&Vin>,
    reason: DenialReason,
) -> (ProvisioningDecision, Vec<Effect>) {
    let attempt = request.attempt(vin, AttemptOutcome::Denied(reason));
    let mut effects = vec![Effect::RecordAttempt(Box::new(attempt))];
    // A certificate that was issued before is not this request's to delete.
    if let (Some(id), true) = (&request.certificate_id, reason != DenialReason::CertificateAlreadyKnown) {
        // What did not come by claim may be attached already, and AWS IoT never deletes it by itself.
        let came_by_claim = request.authority_id.is_none() && request.issued_by.is_none();
        effects.push(match came_by_claim {
            true => Effect::DeletePendingCertificate(id.clone()),
            false => Effect::RemoveUnusedCertificate(id.clone()),
        });
    }
    (ProvisioningDecision::Deny(reason), effects)
}

/// The longest beginning of a text with at most `bytes` bytes.
fn cut(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}
