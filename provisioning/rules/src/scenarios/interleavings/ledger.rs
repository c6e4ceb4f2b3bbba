//! What must never have happened, whatever the tables say now.

use std::collections::{BTreeMap, BTreeSet};

use shared::{CertificateId, CertificateStatus, Timestamp};

use super::play::{Broken, Play};
use crate::Effect;

/// The true history of the vehicle.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Under which ticket, if any, each certificate was admitted; a ticket is known by the time it was opened.
    admitted_under: BTreeMap<CertificateId, Option<Timestamp>>,
    /// Which certificates were registered under each ticket, and under none.
    registered_under: BTreeMap<Option<Timestamp>, BTreeSet<CertificateId>>,
    revoked: BTreeMap<CertificateId, Timestamp>,
}

impl Ledger {
    /// Notes an effect that was carried out.
    pub fn note(&mut self, effect: &Effect) -> Result<(), Broken> {
        match effect {
            Effect::AdmitCertificate(admission) => {
                let ticket = admission.ticket.as_ref().filter(|_| admission.uses_ticket);
                if ticket.is_none() && !self.registered_under.is_empty() {
                    return Err("a live vehicle was let in without a ticket".to_owned());
                }
                if let Some(ticket) = ticket {
                    if admission.attempt.at >= ticket.ends_at {
                        return Err("an expired ticket let somebody in".to_owned());
                    }
                    if self.registered_under.contains_key(&Some(ticket.opened_at)) {
                        return Err("a used ticket let somebody in".to_owned());
                    }
                }
                let opened_at = ticket.map(|ticket| ticket.opened_at);
                if self.revoked.values().any(|revoked_at| opened_at.is_none_or(|opened_at| opened_at <= *revoked_at)) {
                    return Err("a revoked vehicle was let in without a ticket opened afterwards".to_owned());
                }
                self.admitted_under.insert(admission.row.certificate_id.clone(), opened_at);
            }
            Effect::RecordRegistered(registration) => {
                let id = &registration.certificate_id;
                if self.revoked.contains_key(id) {
                    return Err(format!("{id} was registered after its revocation"));
                }
                let ticket = self.admitted_under.get(id).ok_or("a certificate was registered that nobody admitted")?;
                let registered = self.registered_under.entry(*ticket).or_default();
                registered.insert(id.clone());
                if registered.len() > 1 {
                    return Err(format!("the ticket {ticket:?} let two certificates become registered"));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// An operator's revocation is whole.
    pub fn revoked(&mut self, id: &CertificateId, now: Timestamp) {
        self.revoked.entry(id.clone()).or_insert(now);
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
