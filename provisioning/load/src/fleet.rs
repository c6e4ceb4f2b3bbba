//! The vehicles, on their way.

use std::time::Instant;

use futures::stream::{self, StreamExt};
use shared::{CertificateId, Vin};
use vehicle::{Claim, Endpoint, ProvisioningRequest, TemplateName, VehicleError, obtain_certificate};

use crate::outcome::{Outcome, Times, Told};
use crate::pace::Pace;
use crate::{Plan, Stop};

/// What all vehicles of a run have in common.
pub(crate) struct Way {
    pub(crate) claim: Claim,
    pub(crate) endpoint: Endpoint,
    pub(crate) template: TemplateName,
}

/// Sends a vehicle for every VIN and returns what each was told, in no order. Asked to end, it lets those that are on their
/// way finish and sends no more.
pub(crate) async fn send(way: &Way, plan: &Plan, vins: &[Vin], stop: &Stop, done: impl Fn(&Outcome)) -> Vec<Told> {
    // Two quotas: certificates and registrations. A vehicle that waits for its turn to register is no burst later.
    let (certificates, registrations) = (Pace::per_second(plan.rate), Pace::per_second(plan.rate));
    let one = async |vin: &Vin| {
        let told = if stop.or(certificates.turn()).await.is_none() {
            Told { vin: vin.clone(), certificate_id: None, outcome: Outcome::NotStarted }
        } else {
            provision(way, plan, vin, &registrations).await
        };
        done(&told.outcome);
        told
    };
    stream::iter(vins.iter().map(one)).buffer_unordered(plan.concurrency.get() as usize).collect().await
}

async fn provision(way: &Way, plan: &Plan, vin: &Vin, registrations: &Pace) -> Told {
    let mut told = Told { vin: vin.clone(), certificate_id: None, outcome: Outcome::NotStarted };
    let began = Instant::now();
    let issued = async {
        let mut wanted = ProvisioningRequest::new(way.template.clone(), vin.as_str())?;
        wanted.keys = plan.keys.clone();
        obtain_certificate(&way.claim, &way.endpoint, &wanted).await
    };
    let issued = match issued.await {
        Ok(issued) => issued,
        Err(error) => {
            told.outcome = Outcome::failed(&error);
            return told;
        }
    };
    let obtaining = began.elapsed();
    told.certificate_id = CertificateId::try_from(issued.certificate_id()).ok();
    registrations.turn().await;
    let began = Instant::now();
    let answer = issued.register().await;
    let registering = began.elapsed();
    let times = Times { whole: obtaining + registering, registering };
    told.outcome = match answer {
        Ok(_) => Outcome::Allowed(times),
        Err(VehicleError::ProvisioningDenied { code, .. }) => Outcome::Denied(times, code),
        Err(error) => Outcome::failed(&error),
    };
    told
}
