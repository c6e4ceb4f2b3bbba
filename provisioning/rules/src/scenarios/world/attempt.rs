//! A request to be provisioned, as the pre-provisioning hook handles it.

use shared::{CertificateId, DenialReason};

use super::{Trouble, World, builders};
use crate::{Effect, ProvisioningDecision, ProvisioningRequest, VehicleFacts, decide_provisioning, deny};

impl World {
    /// The effects that the rules answer this request with, from these facts.
    pub fn decide_request(
        &self,
        request: &ProvisioningRequest,
        facts: &VehicleFacts,
    ) -> (ProvisioningDecision, Vec<Effect>) {
        match request.subject(&builders::vin_pattern()) {
            Ok((_, certificate_id)) => decide_provisioning(request, facts, &certificate_id),
            Err(reason) => deny(request, None, reason),
        }
    }

    /// The request from beginning to end: read, decided, performed, with nothing in between.
    pub fn ask(&mut self, request: &ProvisioningRequest) -> ProvisioningDecision {
        let (decision, effects) = match request.subject(&builders::vin_pattern()) {
            Ok((vin, _)) => self.decide_request(request, &self.refreshed_facts(&vin)),
            Err(reason) => deny(request, None, reason),
        };
        for effect in effects {
            assert_eq!(self.apply(&effect), Ok(()), "{effect}");
        }
        decision
    }

    /// A device presents the VIN and wants a new certificate registered.
    pub fn device_asks(&mut self, presented_vin: &str, number: u64) -> (CertificateId, ProvisioningDecision) {
        self.tick();
        let id = self.issue(number);
        let decision = self.ask(&builders::request(presented_vin, &id, self.now));
        (id, decision)
    }

    /// The same, expecting to be denied.
    pub fn is_denied(&mut self, presented_vin: &str, number: u64) -> DenialReason {
        match self.device_asks(presented_vin, number).1 {
            ProvisioningDecision::Deny(reason) => reason,
            ProvisioningDecision::Allow(vin) => panic!("certificate {number} was admitted for {vin}"),
        }
    }

    /// The effects of a decision that was made before something else happened.
    pub fn perform_late(&mut self, effects: &[Effect]) -> Result<(), Trouble> {
        effects.iter().try_for_each(|effect| self.apply(effect))
    }
}
