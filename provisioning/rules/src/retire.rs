//! How a certificate that was replaced leaves.

use shared::{CertificateStatus, ProvisionedVehicle, Retirement, RetirementCause, Timestamp};

use crate::{Effect, StatusRecord};

/// Takes a certificate out of use and out of AWS IoT. The row tells the truth at every step, and repeating the steps
/// after a failure finishes them. The connection is not cut: the vehicle's new certificate uses the same client id.
pub(crate) fn retire(row: &ProvisionedVehicle, cause: RetirementCause, at: Timestamp) -> Vec<Effect> {
    let id = &row.certificate_id;
    let retirement = row.retirement.clone().unwrap_or(Retirement { cause, at, by: None, reason: None });
    let record = |status| {
        Effect::RecordStatus(StatusRecord {
            vin: row.vin.clone(),
            certificate_id: id.clone(),
            status,
            retirement: Some(retirement.clone()),
        })
    };
    vec![
        Effect::DeactivateCertificate(id.clone()),
        record(CertificateStatus::Inactive),
        Effect::DetachCertificate(id.clone()),
        Effect::DeleteCertificate(id.clone()),
        record(CertificateStatus::Deleted),
    ]
}
