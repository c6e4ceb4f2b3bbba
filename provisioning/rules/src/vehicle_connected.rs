//! What follows when a vehicle reports with its own certificate.

use shared::{CertificateId, CertificateStatus, Timestamp};

use crate::{AwaitingActivation, Effect, VehicleFacts, after_registration};

/// Records that the vehicle reported with the certificate AWS IoT authenticated it by; what the message says of itself is
/// not a fact. A vehicle that reports is registered, so a registration whose event was lost is settled first.
pub fn vehicle_connected(
    facts: &VehicleFacts,
    certificate_id: &CertificateId,
    reported: Option<CertificateStatus>,
    now: Timestamp,
) -> Result<Vec<Effect>, AwaitingActivation> {
    let Some(row) = facts.row(certificate_id) else { return Ok(Vec::new()) };
    let mut effects = after_registration(facts, certificate_id, reported, now)?;
    let stays = effects
        .iter()
        .all(|effect| !matches!(effect, Effect::DeactivateCertificate(id) | Effect::RevokeCertificate(id) if id == certificate_id));
    let in_use = matches!(row.certificate_status, CertificateStatus::Active | CertificateStatus::PendingActivation);
    if stays && in_use && !row.has_connected_once {
        effects.push(Effect::RecordConnected { vin: row.vin.clone(), certificate_id: certificate_id.clone(), at: now });
    }
    Ok(effects)
}
