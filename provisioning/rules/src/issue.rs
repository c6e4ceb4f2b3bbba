//! An operator issues a certificate to one vehicle.

use shared::{DenialReason, Refusal, Timestamp, Vin};

use crate::decide_provisioning::entitlement;
use crate::{Effect, ProvisioningRequest, VehicleFacts, deny};

/// Whether an operator can issue a certificate to the vehicle now: exactly where the vehicle would be let in if it asked for
/// itself, so that the console is no way around a hold, a revocation or a ticket.
pub fn may_issue(facts: &VehicleFacts, now: Timestamp) -> Result<(), Refusal> {
    let authorized = facts.authorized.as_ref().ok_or(Refusal::NotAuthorized)?;
    entitlement(facts, authorized, now).map(drop).map_err(Refusal::Denied)
}

/// Refuses to issue before there is a certificate: the attempt is kept and nothing else happens. A certificate that the
/// operator brought is not ours to delete.
pub fn refuse_to_issue(request: &ProvisioningRequest, vin: &Vin, reason: DenialReason) -> Vec<Effect> {
    let (_, effects) = deny(request, Some(vin), reason);
    effects.into_iter().filter(|effect| matches!(effect, Effect::RecordAttempt(_))).collect()
}
