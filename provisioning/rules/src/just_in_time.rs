//! The decision on a vehicle that comes for the first time with a certificate that a registered authority signed.

use shared::{CertificateId, CertificateStatus, DenialReason};

use crate::decide_provisioning::entitlement;
use crate::{Effect, ProvisioningDecision, ProvisioningRequest, VehicleFacts, decide_provisioning, deny};

/// Decides as the pre-provisioning hook would. `None`: the certificate is registered and there is nothing to decide.
///
/// A vehicle that is denied may come again with the same certificate, once somebody has authorized it: AWS IoT is to forget
/// the certificate. One whose certificate was in use and ended never comes in with it again: AWS IoT is to keep it, inactive,
/// because what it has forgotten it would take for new.
pub fn decide_just_in_time(
    request: &ProvisioningRequest,
    facts: &VehicleFacts,
    certificate_id: &CertificateId,
) -> Option<(ProvisioningDecision, Vec<Effect>)> {
    let row = facts.row(certificate_id).map(|row| row.certificate_status);
    if row == Some(CertificateStatus::Active) {
        return None;
    }
    let (decision, effects) = decide_provisioning(request, facts, certificate_id);
    if decision != ProvisioningDecision::Deny(DenialReason::CertificateAlreadyKnown) {
        return Some((decision, effects));
    }
    Some(match row {
        // It was admitted and never registered, and somebody else was admitted or the door was closed since.
        Some(CertificateStatus::PendingActivation) => {
            deny(request, Some(&facts.vin), reason_for_pending(request, facts))
        }
        _ => {
            let mut effects = effects;
            effects.push(Effect::DeactivateCertificate(certificate_id.clone()));
            (decision, effects)
        }
    })
}

fn reason_for_pending(request: &ProvisioningRequest, facts: &VehicleFacts) -> DenialReason {
    match &facts.authorized {
        None => DenialReason::VinNotAuthorized,
        Some(authorized) => {
            entitlement(facts, authorized, request.at).err().unwrap_or(DenialReason::AnotherProvisioningUnderWay)
        }
    }
}
