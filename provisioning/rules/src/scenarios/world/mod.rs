//! Three tables and a certificate registry that keep what `Effect` promises, and the programs that act on them.

mod apply;
mod attempt;
mod builders;
mod claims;
mod iot;
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
pub use operator::OperatorAction;

/// What AWS holds.
#[derive(Clone, Debug)]
pub struct World {
    pub now: Timestamp,
    pub authorized: BTreeMap<Vin, AuthorizedVehicle>,
    pub provisioned: BTreeMap<(Vin, CertificateId), ProvisionedVehicle>,
    pub attempts: BTreeMap<AttemptId, ProvisioningAttempt>,
    pub registry: BTreeMap<CertificateId, Registered>,
    pub claims: BTreeMap<ClaimCertificateId, ClaimRecord>,
    pub secrets: BTreeMap<String, Secret>,
    pub cut: Vec<ThingName>,
    /// The vehicles that AWS IoT was asked about, and the certificates.
    pub proven: Vec<String>,
    pub receipts: BTreeMap<(Vin, ReceiptId), Receipt>,
}

impl World {
    pub fn new() -> Self {
        World {
            now: time("2026-01-01T00:00:00Z"),
            authorized: BTreeMap::new(),
            provisioned: BTreeMap::new(),
            attempts: BTreeMap::new(),
            registry: BTreeMap::new(),
            claims: BTreeMap::new(),
            secrets: BTreeMap::new(),
            cut: Vec::new(),
            proven: Vec::new(),
            receipts: BTreeMap::new(),
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
