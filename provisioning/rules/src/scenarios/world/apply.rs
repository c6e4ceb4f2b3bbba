//! Effects, under the conditions that their documentation promises and `aws::perform` keeps.

use shared::{
    AuthorizedVehicle, CertificateId, CertificateStatus, ProvisionedVehicle, ReprovisionTicket, Timestamp, Vin,
};

use super::{Registered, World};
use crate::{Admission, Authorization, DoorClosure, Effect, Registration, StatusRecord};

/// Why an effect was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Something it rests on has changed: nothing was done.
    FactsChanged,
    /// AWS IoT has no such certificate.
    NoSuchCertificate,
    /// AWS IoT will not do this to the certificate as it is.
    RefusedByAws,
}

impl World {
    pub fn apply(&mut self, effect: &Effect) -> Result<(), Trouble> {
        match effect {
            Effect::AdmitCertificate(admission) => self.admit(admission),
            Effect::RecordAttempt(attempt) => {
                self.attempts.entry(attempt.attempt_id.clone()).or_insert_with(|| (**attempt).clone());
                Ok(())
            }
            Effect::DeletePendingCertificate(id) => {
                // What AWS IoT will not give up is somebody's, and stays.
                let _ = self.delete_certificate(id);
                Ok(())
            }
            Effect::RemoveUnusedCertificate(id) => {
                if let Some(registered) = self.registry.get_mut(id)
                    && registered.status != CertificateStatus::Active
                {
                    self.registry.remove(id);
                }
                Ok(())
            }
            Effect::RecordRegistered(registration) => self.record_registered(registration),
            Effect::RecordConnected { vin, certificate_id, at } => {
                let row = self.existing_row(vin, certificate_id)?;
                row.has_connected_once = true;
                row.first_connected_at.get_or_insert(*at);
                Ok(())
            }
            Effect::DeactivateCertificate(id) => unless_gone(self.update_certificate(id, CertificateStatus::Inactive)),
            Effect::ActivateCertificate(id) => self.update_certificate(id, CertificateStatus::Active),
            Effect::RevokeCertificate(id) => unless_gone(self.update_certificate(id, CertificateStatus::Revoked)),
            Effect::CutConnection(thing) => {
                self.cut.push(thing.clone());
                Ok(())
            }
            Effect::ProveDisconnected(thing) => {
                self.proven.push(thing.to_string());
                Ok(())
            }
            Effect::ProveRefused(id) => {
                self.proven.push(id.to_string());
                Ok(())
            }
            Effect::RecordReceipt(receipt) => {
                let key = (receipt.vin.clone(), receipt.receipt_id.clone());
                // An outcome is never overwritten.
                if self.receipts.get(&key).is_none_or(|kept| kept.ended_at.is_none()) {
                    self.receipts.insert(key, (**receipt).clone());
                }
                Ok(())
            }
            Effect::DetachCertificate(id) => {
                if let Some(registered) = self.registry.get_mut(id) {
                    registered.attached = false;
                }
                Ok(())
            }
            Effect::DeleteCertificate(id) => unless_gone(self.delete_certificate(id)),
            Effect::RecordStatus(record) => self.record_status(record),
            Effect::CloseDoor(closure) => self.close_door(closure),
            Effect::OpenTicket { vin, ticket, in_place_of } => self.open_ticket(vin, ticket, in_place_of.as_ref()),
            Effect::AuthorizeVehicle(authorization) => self.authorize_vehicle(authorization),
            Effect::RegisterThing(plan) => {
                let registered = self.registry.get_mut(&plan.certificate_id).ok_or(Trouble::NoSuchCertificate)?;
                registered.attached = true;
                self.update_certificate(&plan.certificate_id, CertificateStatus::Active)
            }
            // No authority is part of this world: what it signed is issued like everything else.
            Effect::RecordAuthorityAction(_)
            | Effect::RegisterAuthority(_)
            | Effect::ChangeAuthority(..)
            | Effect::DeleteAuthority(_) => Ok(()),
            Effect::IndexAuthorization(_) => Ok(()),
            Effect::KeepClaimSecret { secret_id, version, text } => {
                self.secrets.entry(secret_id.clone()).or_default().keep_pending(version, text);
                Ok(())
            }
            Effect::GiveUpClaimSecret { secret_id, version } => {
                let secret = self.secrets.entry(secret_id.clone()).or_default();
                secret.pending.take_if(|pending| pending == version);
                Ok(())
            }
            Effect::MakeClaimSecretCurrent { id, secret_id, version, in_place_of } => {
                if self.claims.get(id).is_none_or(|row| row.state.has_ended()) {
                    return Err(Trouble::FactsChanged);
                }
                self.secrets.entry(secret_id.clone()).or_default().make_current(version, in_place_of.as_deref())
            }
            Effect::RecordClaim(record) => {
                self.claims.entry(record.id.clone()).or_insert_with(|| (**record).clone());
                Ok(())
            }
            Effect::RegisterClaim { id, .. } => {
                self.registry
                    .entry(id.0.clone())
                    .or_insert(Registered { status: CertificateStatus::Inactive, attached: false });
                Ok(())
            }
            Effect::AttachClaimPolicy { id, .. } => {
                self.registry.get_mut(&id.0).ok_or(Trouble::NoSuchCertificate)?.attached = true;
                Ok(())
            }
            Effect::RecordClaimSuccession(succession) => self.record_succession(succession),
            Effect::RecordClaimEnded(end) => self.record_claim_ended(end),
        }
    }

    fn admit(&mut self, admission: &Admission) -> Result<(), Trouble> {
        let vin = &admission.row.vin;
        let key = (vin.clone(), admission.row.certificate_id.clone());
        let authorized = self.authorized.get(vin).ok_or(Trouble::FactsChanged)?;
        let row_is_as_read = match (self.provisioned.get(&key), admission.admitted_before) {
            (Some(row), Some(before)) => waits_since(row, before),
            (row, before) => row.is_none() && before.is_none(),
        };
        let holds = authorized.allow_provisioning
            && authorized.admitted_certificate_id == admission.in_place_of
            && authorized.ticket == admission.ticket
            && row_is_as_read
            && !self.attempts.contains_key(&admission.attempt.attempt_id)
            && self.still_pending(vin, admission.in_place_of.as_ref(), admission.previous_never_registered);
        if !holds {
            return Err(Trouble::FactsChanged);
        }
        let authorized = self.authorized.get_mut(vin).ok_or(Trouble::FactsChanged)?;
        authorized.admitted_certificate_id = Some(admission.row.certificate_id.clone());
        if let (Some(ticket), true) = (&mut authorized.ticket, admission.uses_ticket) {
            ticket.used_by = Some(admission.row.certificate_id.clone());
        }
        self.provisioned.insert(key, admission.row.clone());
        self.attempts.insert(admission.attempt.attempt_id.clone(), admission.attempt.clone());
        Ok(())
    }

    fn record_registered(&mut self, registration: &Registration) -> Result<(), Trouble> {
        let Registration { vin, certificate_id, must_be_admitted, was_expected, at } = registration;
        let authorized = self.authorized.get(vin);
        let admitted = authorized.and_then(|authorized| authorized.admitted_certificate_id.as_ref());
        let door_is_open = authorized.is_some_and(|authorized| authorized.allow_provisioning);
        let holds =
            if *must_be_admitted { admitted == Some(certificate_id) && door_is_open } else { admitted.is_none() };
        let row = self.existing_row(vin, certificate_id)?;
        let not_ended =
            matches!(row.certificate_status, CertificateStatus::PendingActivation | CertificateStatus::Active);
        if !holds || !not_ended {
            return Err(Trouble::FactsChanged);
        }
        row.certificate_status = CertificateStatus::Active;
        row.registered_at.get_or_insert(*at);
        if let (Some(authorized), true) = (self.authorized.get_mut(vin), *was_expected) {
            authorized.expected_claim_certificate_id = None;
        }
        Ok(())
    }

    fn record_status(&mut self, record: &StatusRecord) -> Result<(), Trouble> {
        let row = self.existing_row(&record.vin, &record.certificate_id)?;
        if record.pending_since.is_some_and(|since| !waits_since(row, since)) {
            return Err(Trouble::FactsChanged);
        }
        let ended = matches!(row.certificate_status, CertificateStatus::Revoked | CertificateStatus::Deleted);
        let removed = row.certificate_status == CertificateStatus::Revoked
            && record.status == CertificateStatus::Deleted
            && record.retirement.is_some()
            && record.retirement == row.retirement;
        if ended && row.certificate_status != record.status && !removed {
            return Err(Trouble::FactsChanged);
        }
        row.certificate_status = record.status;
        row.retirement = record.retirement.clone();
        Ok(())
    }

    fn close_door(&mut self, closure: &DoorClosure) -> Result<(), Trouble> {
        let pending = self.still_pending(&closure.vin, closure.in_place_of.as_ref(), closure.previous_never_registered);
        let authorized = self.authorized.get_mut(&closure.vin).ok_or(Trouble::FactsChanged)?;
        if authorized.admitted_certificate_id != closure.in_place_of || authorized.ticket != closure.ticket || !pending
        {
            return Err(Trouble::FactsChanged);
        }
        authorized.allow_provisioning = false;
        authorized.admitted_certificate_id = Some(closure.settled_on.clone());
        if let Some(ended) = closure.ended_ticket() {
            authorized.ticket = Some(ended);
        }
        Ok(())
    }

    fn open_ticket(
        &mut self,
        vin: &Vin,
        ticket: &ReprovisionTicket,
        in_place_of: Option<&ReprovisionTicket>,
    ) -> Result<(), Trouble> {
        let authorized = self.authorized.get_mut(vin).ok_or(Trouble::FactsChanged)?;
        if authorized.ticket.as_ref() != in_place_of && authorized.ticket.as_ref() != Some(ticket) {
            return Err(Trouble::FactsChanged);
        }
        authorized.ticket = Some(ticket.clone());
        authorized.allow_provisioning = true;
        Ok(())
    }

    fn authorize_vehicle(&mut self, authorization: &Authorization) -> Result<(), Trouble> {
        if let Some(expected) = &authorization.expected_claim {
            let vin = &authorization.vin;
            let admitted = self.authorized.get(vin).and_then(|row| row.admitted_certificate_id.as_ref());
            let pending = self.still_pending(vin, expected.in_place_of.as_ref(), expected.previous_never_registered);
            if admitted != expected.in_place_of.as_ref() || !pending {
                return Err(Trouble::FactsChanged);
            }
        }
        let authorized = self.authorized.entry(authorization.vin.clone()).or_insert_with(|| AuthorizedVehicle {
            vin: authorization.vin.clone(),
            make: None,
            model: None,
            year: None,
            allow_provisioning: false,
            admitted_certificate_id: None,
            ticket: None,
            authorized_by: None,
            expected_claim_certificate_id: None,
        });
        authorized.make = Some(authorization.make.clone());
        authorized.model = Some(authorization.model.clone());
        authorized.year = Some(authorization.year.clone());
        authorized.allow_provisioning = true;
        authorized.authorized_by = Some(authorization.by.clone());
        if let Some(claim) = &authorization.expected_claim {
            authorized.expected_claim_certificate_id = Some(claim.id.clone());
        }
        Ok(())
    }

    fn still_pending(&self, vin: &Vin, before: Option<&CertificateId>, never_registered: bool) -> bool {
        let Some(before) = before else { return true };
        let row = self.provisioned.get(&(vin.clone(), before.clone()));
        !never_registered || row.is_some_and(|row| row.certificate_status == CertificateStatus::PendingActivation)
    }

    fn existing_row(&mut self, vin: &Vin, certificate_id: &CertificateId) -> Result<&mut ProvisionedVehicle, Trouble> {
        self.provisioned.get_mut(&(vin.clone(), certificate_id.clone())).ok_or(Trouble::FactsChanged)
    }
}

/// Whether it waits to be registered since then.
fn waits_since(row: &ProvisionedVehicle, since: Timestamp) -> bool {
    row.certificate_status == CertificateStatus::PendingActivation && row.admitted_at == Some(since)
}

/// What is gone needs no change.
fn unless_gone(result: Result<(), Trouble>) -> Result<(), Trouble> {
    match result {
        Err(Trouble::NoSuchCertificate) => Ok(()),
        result => result,
    }
}
