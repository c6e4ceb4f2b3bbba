//! AWS IoT's registry of certificates, as the public documentation describes it.

use shared::{CertificateId, CertificateStatus};

use super::{Trouble, World};

/// What AWS IoT holds of one certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registered {
    pub status: CertificateStatus,
    /// Whether a thing or a policy has it.
    pub attached: bool,
}

impl World {
    /// A vehicle asks for a certificate with its claim: it is issued and waits to be registered.
    pub fn issue(&mut self, number: u64) -> CertificateId {
        certificate_with(self, number, CertificateStatus::PendingActivation, false)
    }

    /// A certificate that was registered before this world began.
    pub fn issued_before(&mut self, number: u64, status: CertificateStatus) -> CertificateId {
        certificate_with(self, number, status, true)
    }

    /// The first half of a registration: the thing is made, the certificate attached, and the event sent.
    /// False where the certificate is gone, which ends the registration.
    pub fn iot_attaches(&mut self, id: &CertificateId) -> bool {
        self.registry.get_mut(id).map(|registered| registered.attached = true).is_some()
    }

    /// The second half: whatever the certificate was, short of revoked, it is active now.
    pub fn iot_activates(&mut self, id: &CertificateId) -> bool {
        self.update_certificate(id, CertificateStatus::Active).is_ok()
    }

    /// AWS IoT deletes what was not activated within an hour.
    pub fn iot_forgets_pending(&mut self, id: &CertificateId) {
        if self.reported(id) == Some(CertificateStatus::PendingActivation) {
            self.registry.remove(id);
        }
    }

    pub(super) fn update_certificate(&mut self, id: &CertificateId, status: CertificateStatus) -> Result<(), Trouble> {
        let registered = self.registry.get_mut(id).ok_or(Trouble::NoSuchCertificate)?;
        if registered.status == CertificateStatus::Revoked && status != CertificateStatus::Revoked {
            return Err(Trouble::RefusedByAws);
        }
        registered.status = status;
        Ok(())
    }

    pub(super) fn delete_certificate(&mut self, id: &CertificateId) -> Result<(), Trouble> {
        let registered = self.registry.get(id).ok_or(Trouble::NoSuchCertificate)?;
        if registered.attached || registered.status == CertificateStatus::Active {
            return Err(Trouble::RefusedByAws);
        }
        self.registry.remove(id);
        Ok(())
    }
}

fn certificate_with(world: &mut World, number: u64, status: CertificateStatus, attached: bool) -> CertificateId {
    let id = super::certificate(number);
    let before = world.registry.insert(id.clone(), Registered { status, attached });
    assert_eq!(before, None, "certificate {number} was issued before");
    id
}
