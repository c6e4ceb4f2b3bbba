//! Whole chapters of a vehicle's life, with nothing in between.

use shared::{CertificateId, CertificateStatus, SignedDuration, Vin};

use super::{OperatorAction, World, vin};
use crate::{AwaitingActivation, Effect, ProvisioningDecision, after_registration, vehicle_connected};

impl World {
    pub fn tick(&mut self) {
        self.pass(SignedDuration::from_secs(1));
    }

    pub fn pass(&mut self, duration: SignedDuration) {
        self.now = self.now.checked_add(duration).unwrap();
    }

    /// A world in which an operator authorized the vehicle.
    pub fn with_authorized_vehicle() -> Self {
        let mut world = World::new();
        world.operator(&vin(), OperatorAction::Authorize).unwrap();
        world
    }

    /// A world in which the vehicle is live with certificate 1.
    pub fn with_live_vehicle() -> (Self, CertificateId) {
        let mut world = World::with_authorized_vehicle();
        let id = world.provision(1);
        (world, id)
    }

    /// The vehicle is let in with a new certificate, registers it and reports with it.
    pub fn provision(&mut self, number: u64) -> CertificateId {
        let (id, decision) = self.device_asks(vin().as_str(), number);
        assert_eq!(decision, ProvisioningDecision::Allow(vin()), "certificate {number}");
        self.register(&id);
        self.report(&id);
        id
    }

    /// AWS IoT registers the certificate and its event is handled.
    pub fn register(&mut self, id: &CertificateId) {
        self.tick();
        assert!(self.iot_attaches(id) && self.iot_activates(id), "{id} cannot be registered");
        self.thing_event(&vin(), id).unwrap();
    }

    /// The thing event of a registration is handled.
    pub fn thing_event(&mut self, vin: &Vin, id: &CertificateId) -> Result<Vec<Effect>, AwaitingActivation> {
        self.tick();
        let effects = after_registration(&self.facts(vin), id, self.reported(id), self.now)?;
        self.perform_now(&effects);
        Ok(effects)
    }

    /// The vehicle that connected with this certificate reports.
    pub fn report(&mut self, id: &CertificateId) -> Vec<Effect> {
        self.tick();
        let effects = vehicle_connected(&self.facts(&vin()), id, self.reported(id), self.now).unwrap();
        self.perform_now(&effects);
        effects
    }

    pub fn perform_now(&mut self, effects: &[Effect]) {
        for effect in effects {
            assert_eq!(self.apply(effect), Ok(()), "{effect}");
        }
    }

    /// The tables repeat what AWS IoT reports, certificate by certificate.
    pub fn tables_agree(&self) -> Result<(), String> {
        for row in self.provisioned.values() {
            let reported = self.registry.get(&row.certificate_id);
            let status = reported.map(|registered| registered.status);
            let attached = reported.is_some_and(|registered| registered.attached);
            let agrees = match row.certificate_status {
                CertificateStatus::Active => status == Some(CertificateStatus::Active) && attached,
                CertificateStatus::Inactive => status == Some(CertificateStatus::Inactive),
                // AWS IoT deletes what nobody activated within an hour.
                CertificateStatus::PendingActivation => {
                    matches!(status, None | Some(CertificateStatus::PendingActivation))
                }
                // A revoked certificate can be deleted and the row keeps saying why it ended.
                CertificateStatus::Revoked => matches!(status, None | Some(CertificateStatus::Revoked)),
                CertificateStatus::Deleted => status.is_none(),
            };
            if !agrees {
                return Err(format!(
                    "the row of {} says {}, AWS IoT says {status:?}, attached {attached}",
                    row.certificate_id, row.certificate_status
                ));
            }
        }
        let without_row = self.active().into_iter().find(|id| !self.provisioned.keys().any(|(_, known)| known == id));
        without_row.map_or(Ok(()), |id| Err(format!("{id} is active and in no row")))
    }
}
