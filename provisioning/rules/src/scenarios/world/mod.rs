//! Three tables and a certificate registry that keep what `Effect` promises, and the programs that act on them.

mod apply;
mod attempt;
mod builders;
mod claims;
mod iot;
mod kept;
mod operator;
mod play;

use std::collections::BTreeMap;

use shared::{
    AttemptId, AuthorizedVehicle, CertificateId, CertificateStatus, ClaimCertificateId, ClaimRecord,
    ProvisionedVehicle, ProvisioningAttempt, Receipt, ReceiptId, ThingName, Timestamp, Vin,
};

use crate::VehicleFacts;

pub use apply::Trouble;
pub use builders::{certificate, claim, operator, request, time, vin, vin_pattern};
pub use claims::{SECRET, Secret, Step};
pub use iot::Registered;
pub use kept::Kept;
pub use operator::OperatorAction;

/// What AWS holds.
#[derive(Clone, Debug)]
pub struct World {
    pub now: Timestamp,
    pub authorized: Kept<BTreeMap<Vin, AuthorizedVehicle>>,
    pub provisioned: Kept<BTreeMap<(Vin, CertificateId), ProvisionedVehicle>>,
    pub attempts: Kept<BTreeMap<AttemptId, ProvisioningAttempt>>,
    pub registry: Kept<BTreeMap<CertificateId, Registered>>,
    pub claims: Kept<BTreeMap<ClaimCertificateId, ClaimRecord>>,
    pub secrets: Kept<BTreeMap<String, Secret>>,
    pub cut: Vec<ThingName>,
    /// The vehicles that AWS IoT was asked about, and the certificates.
    pub proven: Vec<String>,
    pub receipts: Kept<BTreeMap<(Vin, ReceiptId), Receipt>>,
}

impl World {
    pub fn new() -> Self {
        World {
            now: time("2026-01-01T00:00:00Z"),
            authorized: Kept::default(),
            provisioned: Kept::default(),
            attempts: Kept::default(),
            registry: Kept::default(),
            claims: Kept::default(),
            secrets: Kept::default(),
            cut: Vec::new(),
            proven: Vec::new(),
            receipts: Kept::default(),
        }
    }

    /// What the tables know of a vehicle.
    pub fn facts(&self, vin: &Vin) -> VehicleFacts {
        VehicleFacts {
            vin: vin.clone(),
            authorized: self.authorized.get(vin).cloned(),
            provisioned: self.provisioned.values().filter(|row| row.vin == *vin).cloned().collect(),
        }
    }

    /// The facts, corrected by what AWS IoT says of the certificate whose registration the tables have not seen.
    pub fn refreshed_facts(&self, vin: &Vin) -> VehicleFacts {
        let mut facts = self.facts(vin);
        let admitted = facts.admitted().cloned();
        for row in &mut facts.provisioned {
            let can_be_live = row.admitted_at.is_none() || Some(&row.certificate_id) == admitted.as_ref();
            if row.certificate_status == CertificateStatus::PendingActivation
                && can_be_live
                && self.reported(&row.certificate_id) == Some(CertificateStatus::Active)
            {
                row.certificate_status = CertificateStatus::Active;
            }
        }
        facts
    }

    pub fn row(&self, certificate_id: &CertificateId) -> &ProvisionedVehicle {
        self.provisioned
            .values()
            .find(|row| row.certificate_id == *certificate_id)
            .unwrap_or_else(|| panic!("no row of certificate {certificate_id}"))
    }

    /// What AWS IoT says of a certificate.
    pub fn reported(&self, certificate_id: &CertificateId) -> Option<CertificateStatus> {
        self.registry.get(certificate_id).map(|registered| registered.status)
    }

    pub fn active(&self) -> Vec<CertificateId> {
        self.registry
            .iter()
            .filter(|(_, registered)| registered.status == CertificateStatus::Active)
            .map(|(id, _)| id.clone())
            .collect()
    }
}
