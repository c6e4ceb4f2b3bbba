//! What an operator asks for in the console, and what the edge makes of it.

use shared::api::CertificateAction;
use shared::{CertificateId, Refusal, Vin};

use super::{World, builders};
use crate::{
    Effect, VehicleFacts, authorize, begin_receipt, conclude_receipt, hold, is_unfinished, open_ticket, release, revoke,
};

/// One press of a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperatorAction {
    Authorize,
    OpenTicket { minutes: u32 },
    Revoke(CertificateId),
    Hold(CertificateId),
    Release(CertificateId),
}

impl OperatorAction {
    /// The certificate it is about, and the word for it.
    pub fn on_certificate(&self) -> Option<(&CertificateId, CertificateAction)> {
        match self {
            OperatorAction::Revoke(id) => Some((id, CertificateAction::Revoke)),
            OperatorAction::Hold(id) => Some((id, CertificateAction::Hold)),
            OperatorAction::Release(id) => Some((id, CertificateAction::Release)),
            OperatorAction::Authorize | OperatorAction::OpenTicket { .. } => None,
        }
    }
}

impl World {
    /// The effects that the rules answer this action with, from these facts.
    pub fn decide(&self, facts: &VehicleFacts, action: &OperatorAction) -> Result<Vec<Effect>, Refusal> {
        let by = builders::operator(self.now);
        let row = |id: &CertificateId| facts.row(id).unwrap_or_else(|| panic!("no row of certificate {id}"));
        match action {
            OperatorAction::Authorize => {
                Ok(authorize(facts, ("Honda", "Accord", "2003"), self.current_claim(), "an-operator", self.now))
            }
            OperatorAction::OpenTicket { minutes } => open_ticket(facts, *minutes, &by),
            OperatorAction::Revoke(id) => revoke(facts, row(id), self.reported(id), self.is_unfinished(action), &by),
            OperatorAction::Hold(id) => hold(facts, row(id), self.is_unfinished(action), &by),
            OperatorAction::Release(id) => release(facts, row(id)),
        }
    }

    /// The same between the two writes of its receipt, as the edge carries it out.
    pub fn decide_with_receipt(&self, facts: &VehicleFacts, action: &OperatorAction) -> Result<Vec<Effect>, Refusal> {
        let effects = self.decide(facts, action)?;
        let Some((id, word)) = action.on_certificate() else { return Ok(effects) };
        let begun = begin_receipt(&facts.vin, id, word, &builders::operator(self.now));
        let ended = conclude_receipt(&begun, Vec::new(), None, self.now);
        let record = |receipt| Effect::RecordReceipt(Box::new(receipt));
        Ok([record(begun)].into_iter().chain(effects).chain([record(ended)]).collect())
    }

    fn is_unfinished(&self, action: &OperatorAction) -> bool {
        let receipts: Vec<_> = self.receipts.values().cloned().collect();
        action.on_certificate().is_some_and(|(id, word)| is_unfinished(&receipts, id, word))
    }

    /// The action from beginning to end, with nothing in between.
    pub fn operator(&mut self, vin: &Vin, action: OperatorAction) -> Result<(), Refusal> {
        self.tick();
        for effect in self.decide_with_receipt(&self.facts(vin), &action)? {
            self.apply(&effect).unwrap_or_else(|trouble| panic!("{effect}: {trouble:?}"));
        }
        Ok(())
    }
}
