//! Which of a vehicle's certificates is the one that counts.

use shared::{CertificateStatus, ProvisionedVehicle};

use crate::VehicleFacts;

/// The certificate the vehicle uses, or used last: an active one before the admitted one, because a certificate that
/// was admitted replaces the active one only when it is registered.
pub fn current_certificate(facts: &VehicleFacts) -> Option<&ProvisionedVehicle> {
    let admitted = facts.admitted();
    facts.provisioned.iter().max_by_key(|row| {
        let rank = match row.certificate_status {
            CertificateStatus::Active => 4,
            CertificateStatus::Inactive => 3,
            CertificateStatus::PendingActivation => 2,
            CertificateStatus::Revoked => 1,
            CertificateStatus::Deleted => 0,
        };
        let is_admitted = Some(&row.certificate_id) == admitted;
        let is_active = row.certificate_status == CertificateStatus::Active;
        (is_active, is_admitted, rank, row.admitted_at)
    })
}
