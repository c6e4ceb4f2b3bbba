//! How a revoked certificate leaves AWS IoT, long after it was revoked.

use shared::{CertificateStatus, ProvisionedVehicle, SignedDuration, Timestamp};

use crate::{Effect, StatusRecord};

/// Detaches and deletes a certificate that was revoked at least `keep_for` ago, and records that it is gone with the same
/// retirement: the row keeps telling who revoked it and why. `reported` is what AWS IoT says of it. No effects where there
/// is nothing to do.
///
/// A certificate that an authority signed is never deleted: AWS IoT would take it for a new one when its vehicle connects
/// next, and register it just in time. Nor is one whose row does not say when it was revoked: without a retirement it
/// would look as if it had never been live.
pub fn remove_revoked(
    row: &ProvisionedVehicle,
    reported: Option<CertificateStatus>,
    now: Timestamp,
    keep_for: SignedDuration,
) -> Vec<Effect> {
    let Some(retirement) = &row.retirement else { return Vec::new() };
    let is_due = now.duration_since(retirement.at) >= keep_for;
    if row.certificate_status != CertificateStatus::Revoked || row.authority_id.is_some() || !is_due {
        return Vec::new();
    }
    let id = &row.certificate_id;
    let mut effects = Vec::new();
    if reported.is_some_and(|reported| reported != CertificateStatus::Revoked) {
        // Somebody brought it back past this project: it is put out first.
        effects.push(Effect::RevokeCertificate(id.clone()));
    }
    effects.extend([
        Effect::DetachCertificate(id.clone()),
        Effect::DeleteCertificate(id.clone()),
        Effect::RecordStatus(StatusRecord {
            vin: row.vin.clone(),
            certificate_id: id.clone(),
            status: CertificateStatus::Deleted,
            retirement: Some(retirement.clone()),
            pending_since: None,
        }),
    ]);
    effects
}
