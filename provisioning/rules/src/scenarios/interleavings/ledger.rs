//! What must never have happened, whatever the tables say now.

use std::collections::{BTreeMap, BTreeSet};

use shared::api::CertificateAction;
use shared::{CertificateId, CertificateStatus, RetirementCause, Timestamp};

use super::law::{Broken, Law};
use super::play::Play;
use crate::{Effect, StatusRecord};

/// The true history of the vehicle.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Under which ticket, if any, each certificate was admitted; a ticket is known by the time it was opened.
    pub admitted_under: BTreeMap<CertificateId, Option<Timestamp>>,
    /// Which certificates were registered under each ticket, and under none.
    pub registered_under: BTreeMap<Option<Timestamp>, BTreeSet<CertificateId>>,
    pub revoked: BTreeMap<CertificateId, Timestamp>,
    /// Whether an operator ever began to put the vehicle out.
    pub was_put_out: bool,
    /// When the end of the claim certificate was recorded.
    pub claim_ended_at: Option<Timestamp>,
}

impl Ledger {
    /// Notes an effect that was carried out at `now`.
    pub fn note(&mut self, effect: &Effect, now: Timestamp, was_on_hold: bool) -> Result<(), Broken> {
        match effect {
            Effect::AdmitCertificate(admission) => {
                let ticket = admission.ticket.as_ref().filter(|_| admission.uses_ticket);
                if ticket.is_none() && !self.registered_under.is_empty() {
                    return Err(Law::TicketsBind.broken("a live vehicle was let in without a ticket"));
                }
                if let Some(ticket) = ticket {
                    if admission.attempt.at >= ticket.ends_at {
                        return Err(Law::TicketsBind.broken("an expired ticket let somebody in"));
                    }
                    if self.registered_under.contains_key(&Some(ticket.opened_at)) {
                        return Err(Law::TicketsBind.broken("a used ticket let somebody in"));
                    }
                }
                let opened_at = ticket.map(|ticket| ticket.opened_at);
                if self.revoked.values().any(|revoked_at| opened_at.is_none_or(|opened_at| opened_at <= *revoked_at)) {
                    let what = "a revoked vehicle was let in without a ticket opened afterwards";
                    return Err(Law::RevokedStaysOut.broken(what));
                }
                if was_on_hold {
                    return Err(Law::HeldStaysOut.broken("a vehicle on hold was let in"));
                }
                if self.claim_ended_at.is_some_and(|ended_at| ended_at < admission.attempt.at) {
                    return Err(Law::EndedClaimsAdmitNobody.broken("a claim that had ended let somebody in"));
                }
                self.admitted_under.insert(admission.row.certificate_id.clone(), opened_at);
            }
            Effect::RecordRegistered(registration) => {
                let id = &registration.certificate_id;
                if self.revoked.contains_key(id) {
                    return Err(Law::RevokedStaysOut.broken(format!("{id} was registered after its revocation")));
                }
                let ticket = self
                    .admitted_under
                    .get(id)
                    .ok_or_else(|| Law::TicketsBind.broken(format!("{id} was registered and nobody admitted it")))?;
                let registered = self.registered_under.entry(*ticket).or_default();
                registered.insert(id.clone());
                if registered.len() > 1 {
                    let what = format!("the ticket {ticket:?} let two certificates become registered");
                    return Err(Law::TicketsBind.broken(what));
                }
            }
            Effect::RecordReceipt(receipt) => self.was_put_out |= receipt.action != CertificateAction::Release,
            // From then on, everybody could know.
            Effect::RecordStatus(StatusRecord { certificate_id, retirement: Some(retirement), .. })
                if retirement.cause == RetirementCause::Revoked =>
            {
                self.revoked.entry(certificate_id.clone()).or_insert(now);
            }
            Effect::RecordClaimEnded(_) => {
                self.claim_ended_at.get_or_insert(now);
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether the vehicle has been registered and no operator ever began to put it out.
    pub fn is_in_use(&self) -> bool {
        !self.registered_under.is_empty() && !self.was_put_out
    }

    pub fn all_revoked(&self) -> impl Iterator<Item = &CertificateId> {
        self.revoked.keys()
    }
}

/// How often plays ended in which way.
#[derive(Debug, Default)]
pub struct Endings {
    active: u32,
    none_active: u32,
    revoked: u32,
    held: u32,
    replaced_under_ticket: u32,
    superseded: u32,
    denied: u32,
    several_denials: u32,
}

impl Endings {
    pub fn count(&mut self, play: &Play) {
        use shared::RetirementCause::{Held, Replaced, Superseded};

        let world = &play.world;
        let retired = |cause| {
            world.provisioned.values().any(|row| row.retirement.as_ref().is_some_and(|retired| retired.cause == cause))
        };
        let status = |status| world.provisioned.values().any(|row| row.certificate_status == status);
        let denials = world.attempts.values().filter(|attempt| attempt.outcome.as_str() != "ALLOWED").count();
        self.active += u32::from(world.active().len() == 1);
        self.none_active += u32::from(world.active().is_empty());
        self.revoked += u32::from(status(CertificateStatus::Revoked));
        self.held += u32::from(retired(Held));
        self.replaced_under_ticket += u32::from(retired(Replaced));
        self.superseded += u32::from(retired(Superseded));
        self.denied += u32::from(denials > 0);
        self.several_denials += u32::from(denials > 3);
    }

    pub fn assert_all_kinds_were_seen(&self) {
        let counts = [
            self.active,
            self.none_active,
            self.revoked,
            self.held,
            self.replaced_under_ticket,
            self.superseded,
            self.denied,
            self.several_denials,
        ];
        assert!(counts.iter().all(|count| *count >= 10), "{self:?}");
    }
}
