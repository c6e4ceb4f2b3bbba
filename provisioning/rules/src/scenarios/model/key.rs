//! What tells one state of the play from another.
//!
//! Two states have the same key where they have the same future. So what is only said to people is left out, the order of
//! what runs at the same time does not count, and times count by their order alone: the rules compare times and never ask how
//! far apart they are, but for a ticket's hour, which is longer than a whole play unless a step ends it.

use shared::{CertificateId, Receipt, ReprovisionTicket, Retirement, Timestamp};

use super::super::interleavings::{Delivery, HOOK_TRIES, Ledger, Play, Process, Purpose};
use super::super::world::{OperatorAction, World};
use crate::{Effect, ProvisioningDecision};

/// The key of a state.
pub fn key(play: &Play) -> Vec<u64> {
    let mut times = Writer::default();
    times.play(play);
    times.seen.sort_unstable();
    times.seen.dedup();
    let words = Vec::with_capacity(times.words.len());
    let mut writer = Writer { order: Some(times.seen), words, ..Writer::default() };
    writer.play(play);
    writer.words
}

/// Writes down a state twice: first only its times are collected, then everything is written with the places of the times in
/// their order.
#[derive(Default)]
struct Writer {
    seen: Vec<Timestamp>,
    order: Option<Vec<Timestamp>>,
    words: Vec<u64>,
}

impl Writer {
    fn play(&mut self, play: &Play) {
        self.number(play.issued.len());
        self.world(&play.world);
        self.ledger(&play.ledger);
        self.in_any_order(&play.running, |writer, process| writer.process(process));
        self.in_any_order(&play.registrations, |writer, registration| {
            writer.certificate(&registration.certificate_id);
            writer.flag(registration.attached);
        });
        self.in_any_order(&play.events, |writer, Delivery { event, begun }| {
            writer.purpose(event);
            writer.flag(*begun);
        });
        self.number(play.to_repeat.len());
        for action in &play.to_repeat {
            self.action(action);
        }
    }

    fn world(&mut self, world: &World) {
        self.time(world.now);
        for authorized in world.authorized.values() {
            self.flag(authorized.allow_provisioning);
            self.flag(authorized.expected_claim_certificate_id.is_some());
            self.perhaps(authorized.admitted_certificate_id.as_ref(), Self::certificate);
            self.perhaps(authorized.ticket.as_ref(), Self::ticket);
        }
        self.number(world.provisioned.len());
        for row in world.provisioned.values() {
            self.certificate(&row.certificate_id);
            self.number(row.certificate_status as usize);
            self.flag(row.has_connected_once);
            self.perhaps(row.admitted_at.as_ref(), |writer, at| writer.time(*at));
            self.perhaps(row.registered_at.as_ref(), |writer, at| writer.time(*at));
            self.perhaps(row.retirement.as_ref(), Self::retirement);
        }
        self.number(world.registry.len());
        for (id, registered) in world.registry.iter() {
            self.certificate(id);
            self.number(registered.status as usize);
            self.flag(registered.attached);
        }
        for claim in world.claims.values() {
            self.number(claim.state as usize);
        }
        // Of the receipts, only what became of the last one of its kind matters.
        let mut receipts: Vec<&Receipt> = world.receipts.values().collect();
        receipts.sort_by_key(|receipt| (receipt.certificate_id.clone(), receipt.action as usize));
        for same in receipts.chunk_by(|one, other| {
            one.certificate_id == other.certificate_id && one.action as usize == other.action as usize
        }) {
            if let Some(last) = same.iter().max_by_key(|receipt| &receipt.receipt_id) {
                self.certificate(&last.certificate_id);
                self.number(last.action as usize);
                self.flag(last.is_unfinished());
            }
        }
    }

    fn ledger(&mut self, ledger: &Ledger) {
        self.flag(ledger.was_put_out);
        self.perhaps(ledger.claim_ended_at.as_ref(), |writer, at| writer.time(*at));
        self.number(ledger.admitted_under.len());
        for (id, opened_at) in &ledger.admitted_under {
            self.certificate(id);
            self.perhaps(opened_at.as_ref(), |writer, at| writer.time(*at));
        }
        self.number(ledger.registered_under.len());
        for (opened_at, registered) in &ledger.registered_under {
            self.perhaps(opened_at.as_ref(), |writer, at| writer.time(*at));
            self.number(registered.len());
            for id in registered {
                self.certificate(id);
            }
        }
        for (id, at) in &ledger.revoked {
            self.certificate(id);
            self.time(*at);
        }
    }

    fn process(&mut self, process: &Process) {
        self.purpose(&process.purpose);
        if let Purpose::Hook(_) = &process.purpose {
            self.number(process.tries.min(HOOK_TRIES + 1) as usize);
            self.number(match &process.decision {
                None => 0,
                Some(ProvisioningDecision::Allow(_)) => 1,
                Some(ProvisioningDecision::Deny(reason)) => 2 + *reason as usize,
            });
        }
        self.perhaps(process.effects.as_ref(), |writer, effects| {
            writer.number(effects.len());
            for effect in effects {
                writer.effect(effect);
            }
        });
    }

    fn purpose(&mut self, purpose: &Purpose) {
        match purpose {
            Purpose::Hook(request) => {
                self.number(1);
                self.perhaps(request.certificate_id.as_ref(), Self::certificate);
            }
            Purpose::ThingEvent(id) => self.numbered_certificate(2, id),
            Purpose::Report(id) => self.numbered_certificate(3, id),
            Purpose::Removal(id) => self.numbered_certificate(4, id),
            Purpose::Burning => self.number(5),
            Purpose::Operator { action, sees_registry } => {
                self.number(6);
                self.action(action);
                self.flag(*sees_registry);
            }
        }
    }

    fn action(&mut self, action: &OperatorAction) {
        match action {
            OperatorAction::Authorize => self.number(1),
            OperatorAction::OpenTicket { .. } => self.number(2),
            OperatorAction::Revoke(id) => self.numbered_certificate(3, id),
            OperatorAction::Hold(id) => self.numbered_certificate(4, id),
            OperatorAction::Release(id) => self.numbered_certificate(5, id),
        }
    }

    fn effect(&mut self, effect: &Effect) {
        match effect {
            Effect::AdmitCertificate(admission) => {
                self.numbered_certificate(1, &admission.row.certificate_id);
                self.time(admission.attempt.at);
                self.perhaps(admission.in_place_of.as_ref(), Self::certificate);
                self.perhaps(admission.ticket.as_ref(), Self::ticket);
                self.flag(admission.uses_ticket);
                self.flag(admission.previous_never_registered);
            }
            Effect::RecordAttempt(_) => self.number(2),
            Effect::DeletePendingCertificate(id) => self.numbered_certificate(3, id),
            Effect::RecordRegistered(registration) => {
                self.numbered_certificate(4, &registration.certificate_id);
                self.time(registration.at);
                self.flag(registration.must_be_admitted);
                self.flag(registration.was_expected);
            }
            Effect::RecordConnected { certificate_id, .. } => self.numbered_certificate(5, certificate_id),
            Effect::DeactivateCertificate(id) => self.numbered_certificate(6, id),
            Effect::ActivateCertificate(id) => self.numbered_certificate(7, id),
            Effect::RevokeCertificate(id) => self.numbered_certificate(8, id),
            Effect::DetachCertificate(id) => self.numbered_certificate(9, id),
            Effect::DeleteCertificate(id) => self.numbered_certificate(10, id),
            Effect::RecordStatus(record) => {
                self.numbered_certificate(11, &record.certificate_id);
                self.number(record.status as usize);
                self.perhaps(record.retirement.as_ref(), Self::retirement);
            }
            Effect::CloseDoor(closure) => {
                self.numbered_certificate(12, &closure.settled_on);
                self.time(closure.at);
                self.perhaps(closure.in_place_of.as_ref(), Self::certificate);
                self.perhaps(closure.ticket.as_ref(), Self::ticket);
                self.flag(closure.previous_never_registered);
            }
            Effect::OpenTicket { ticket, in_place_of, .. } => {
                self.number(13);
                self.ticket(ticket);
                self.perhaps(in_place_of.as_ref(), Self::ticket);
            }
            Effect::AuthorizeVehicle(_) => self.number(14),
            Effect::CutConnection(_) => self.number(15),
            Effect::ProveDisconnected(_) => self.number(16),
            Effect::ProveRefused(_) => self.number(17),
            Effect::RecordReceipt(receipt) => {
                self.numbered_certificate(18, &receipt.certificate_id);
                self.number(receipt.action as usize);
                self.flag(receipt.is_unfinished());
            }
            Effect::RecordClaimEnded(end) => {
                self.number(19);
                self.number(end.state as usize);
                self.time(end.at);
            }
            other => panic!("no rule of these plays has this effect: {other}"),
        }
    }

    fn ticket(&mut self, ticket: &ReprovisionTicket) {
        self.time(ticket.opened_at);
        self.time(ticket.ends_at);
        self.perhaps(ticket.used_by.as_ref(), Self::certificate);
    }

    fn retirement(&mut self, retirement: &Retirement) {
        self.number(retirement.cause as usize);
        self.time(retirement.at);
    }

    /// Certificates are counted from 1, in the last digits of their ids.
    fn certificate(&mut self, id: &CertificateId) {
        let digits = &id.as_str().as_bytes()[62..];
        self.words.push(u64::from(digits[0]) << 8 | u64::from(digits[1]));
    }

    fn numbered_certificate(&mut self, number: usize, id: &CertificateId) {
        self.number(number);
        self.certificate(id);
    }

    fn time(&mut self, at: Timestamp) {
        match &self.order {
            None => self.seen.push(at),
            Some(order) => self.words.push(order.binary_search(&at).unwrap() as u64),
        }
    }

    fn perhaps<T>(&mut self, value: Option<&T>, write: impl FnOnce(&mut Self, &T)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn in_any_order<T>(&mut self, things: &[T], write: impl Fn(&mut Self, &T)) {
        self.number(things.len());
        if let [thing] = things {
            return write(self, thing);
        }
        let begin = self.words.len();
        let mut written = Vec::with_capacity(things.len());
        for thing in things {
            write(self, thing);
            written.push(self.words.split_off(begin));
        }
        written.sort_unstable();
        self.words.extend(written.into_iter().flatten());
    }

    fn flag(&mut self, flag: bool) {
        self.number(usize::from(flag));
    }

    fn number(&mut self, number: usize) {
        self.words.push(number as u64);
    }
}
