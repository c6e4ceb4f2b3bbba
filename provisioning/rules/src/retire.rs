//! How a certificate that was replaced leaves.

use shared::{CertificateStatus, ProvisionedVehicle, Retirement, RetirementCause, Timestamp};

use crate::{Effect, StatusRecord};

/// Takes a certificate out of use and out of AWS IoT. The row tells the truth at every step, and repeating the steps
/// after a failure finishes them. The connection is not cut: the vehicle's new certificate uses the same client id.
pub(crate) fn retire(row: &ProvisionedVehicle, cause: RetirementCause, at: Timestamp) -> Vec<Effect> {
    let id = &row.certificate_id;
    let retirement = row.retirement.clone().unwrap_or(Retirement { cause, at, by: None, reason: None });
    let record = |status, pending_since| {
        Effect::RecordStatus(StatusRecord {
            vin: row.vin.clone(),
            certificate_id: id.clone(),
            status,
            retirement: Some(retirement.clone()),
            pending_since,
        })
    };
    let deactivate = Effect::DeactivateCertificate(id.clone());
    let mut effects = if can_be_admitted_again(row) {
        // Whoever is late, because it was admitted again meanwhile, is stopped by the record before anything is done.
        vec![record(CertificateStatus::Inactive, row.admitted_at), deactivate]
    } else {
        vec![deactivate, record(CertificateStatus::Inactive, None)]
    };
    effects.extend([
        Effect::DetachCertificate(id.clone()),
        Effect::DeleteCertificate(id.clone()),
        record(CertificateStatus::Deleted, None),
    ]);
    effects
}

/// Whether the certificate can be admitted once more, though somebody else was since. A vehicle that came with a certificate
/// of its own has no other; whoever came by claim asks for a new one instead.
pub(crate) fn can_be_admitted_again(row: &ProvisionedVehicle) -> bool {
    row.certificate_status == CertificateStatus::PendingActivation
        && row.admitted_at.is_some()
        && row.claim_certificate_id.is_none()
}
