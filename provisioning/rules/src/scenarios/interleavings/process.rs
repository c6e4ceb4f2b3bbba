//! A program that runs: it reads, decides, and carries out what was decided, one effect at a time.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use shared::{CertificateId, DenialReason, SignedDuration};

use super::super::world::{OperatorAction, World, claim, vin};
use crate::{
    Effect, ProvisioningDecision, ProvisioningRequest, after_registration, deny, remove_revoked, vehicle_connected,
};

/// What the program is for.
#[derive(Clone, Debug)]
pub enum Purpose {
    Hook(Box<ProvisioningRequest>),
    ThingEvent(CertificateId),
    Report(CertificateId),
    Operator {
        action: OperatorAction,
        sees_registry: bool,
    },
    /// The removal of what was revoked long ago.
    Removal(CertificateId),
    /// An operator burns the claim certificate.
    Burning,
}

impl fmt::Display for Purpose {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Purpose::Hook(request) => write!(formatter, "hook for {:?}", request.certificate_id),
            Purpose::ThingEvent(id) => write!(formatter, "event of {id}"),
            Purpose::Report(id) => write!(formatter, "report of {id}"),
            Purpose::Removal(id) => write!(formatter, "removal of {id}"),
            Purpose::Burning => write!(formatter, "operator: burn the claim certificate"),
            Purpose::Operator { action, .. } => write!(formatter, "operator: {action:?}"),
        }
    }
}

/// How far it is.
#[derive(Clone, Debug)]
pub struct Process {
    pub purpose: Purpose,
    /// What is left to be done; `None` before it has read and decided.
    pub effects: Option<VecDeque<Arc<Effect>>>,
    /// The hook's answer.
    pub decision: Option<ProvisioningDecision>,
    pub tries: u32,
}

/// How often the hook decides anew because somebody else came first.
pub const HOOK_TRIES: u32 = 3;

impl Process {
    pub fn new(purpose: Purpose) -> Self {
        Process { purpose, effects: None, decision: None, tries: 0 }
    }

    pub fn is_operator(&self) -> bool {
        matches!(self.purpose, Purpose::Operator { .. })
    }

    /// The program forgets what it decided, because the facts have changed.
    pub fn start_over(&mut self) {
        self.effects = None;
        self.decision = None;
    }

    /// Reads and decides. False where there is nothing to decide yet: the event came before the activation.
    pub fn decide(&mut self, world: &World) -> bool {
        self.tries += 1;
        let facts = world.facts(&vin());
        let effects = match &mut self.purpose {
            Purpose::Hook(request) => {
                // A request is decided at the time of its decision: that of its arrival may lie before the facts.
                request.at = world.now;
                request.claim_state = world.claims.get(&claim()).map(|record| record.state);
                let (decision, effects) = if self.tries > HOOK_TRIES {
                    deny(request, Some(&vin()), DenialReason::AnotherProvisioningUnderWay)
                } else {
                    world.decide_request(request, &world.refreshed_facts(&vin()))
                };
                self.decision = Some(decision);
                Ok(effects)
            }
            Purpose::ThingEvent(id) => after_registration(&facts, id, world.reported(id), world.now),
            Purpose::Report(id) => vehicle_connected(&facts, id, world.reported(id), world.now),
            Purpose::Removal(id) => Ok(facts
                .row(id)
                .map_or_else(Vec::new, |row| remove_revoked(row, world.reported(id), world.now, SignedDuration::ZERO))),
            Purpose::Burning => Ok(world.decide_to_burn(&claim(), u32::MAX).unwrap_or_default()),
            Purpose::Operator { action, sees_registry } => {
                let facts = if *sees_registry { world.refreshed_facts(&vin()) } else { facts };
                // A refusal is an answer, too.
                Ok(world.decide_with_receipt(&facts, action).unwrap_or_default())
            }
        };
        match effects {
            Ok(effects) => {
                self.effects = Some(effects.into_iter().map(Arc::new).collect());
                true
            }
            Err(_) => false,
        }
    }
}
