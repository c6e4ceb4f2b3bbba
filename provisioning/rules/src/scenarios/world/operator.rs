//! What an operator asks for in the console, and what the edge makes of it.

use shared::{CertificateId, Refusal, Vin};

use super::{World, builders};
use crate::{Effect, VehicleFacts, authorize, hold, open_ticket, release, revoke};

/// One press of a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperatorAction {
    Authorize,
    OpenTicket { minutes: u32 },
    Revoke(CertificateId),
    Hold(CertificateId),
    Release(CertificateId),
}

impl World {
    /// The effects that the rules answer this action with, from these facts.
    pub fn decide(&self, facts: &VehicleFacts, action: &OperatorAction) -> Result<Vec<Effect>, Refusal> {
        let by = builders::operator(self.now);
        let row = |id: &CertificateId| facts.row(id).unwrap_or_else(|| panic!("no row of certificate {id}"));
        match action {
            OperatorAction::Authorize => {
                Ok(authorize(facts.vin.clone(), "Honda", "Accord", "2003", "an-operator", self.now))
            }
            OperatorAction::OpenTicket { minutes } => open_ticket(facts, *minutes, &by),
            OperatorAction::Revoke(id) => revoke(facts, row(id), self.reported(id), &by),
            OperatorAction::Hold(id) => hold(facts, row(id), &by),
            OperatorAction::Release(id) => release(facts, row(id)),
        }
    }

    /// The action from beginning to end, with nothing in between.
    pub fn operator(&mut self, vin: &Vin, action: OperatorAction) -> Result<(), Refusal> {
        self.tick();
        for effect in self.decide(&self.facts(vin), &action)? {
            self.apply(&effect).unwrap_or_else(|trouble| panic!("{effect}: {trouble:?}"));
        }
        Ok(())
    }
}
