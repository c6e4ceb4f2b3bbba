//! Settling a vehicle on one certificate, from whichever event says that it is registered.

use std::time::Duration;

use aws::iot::describe_certificate;
use aws::{PerformError, Transport, gather};
use provisioning_rules::{AwaitingActivation, Effect, VehicleFacts};
use shared::{CertificateId, CertificateStatus, Timestamp, Vin};

use crate::{Environment, Failure, log};

/// AWS IoT Core publishes the thing's event before the certificate is active: how often and how long apart to look again.
const LOOKS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(250);

/// What the rules say of a vehicle's certificate, given what AWS IoT reports of it.
type Rule =
    fn(&VehicleFacts, &CertificateId, Option<CertificateStatus>, Timestamp) -> Result<Vec<Effect>, AwaitingActivation>;

/// Gathers facts, asks the rule and performs, again whenever the facts changed or the certificate is not active yet.
/// Fails after a few seconds; Lambda then delivers the event once more.
pub(crate) async fn settle(
    environment: &Environment,
    vin: &Vin,
    certificate_id: &CertificateId,
    rule: Rule,
) -> Result<(), Failure> {
    for _ in 0..LOOKS {
        let gathered = gather(&environment.aws, &environment.tables, vin).await?;
        for row in &gathered.unreadable {
            log::warn("unreadable row", &[("row", row.to_string())]);
        }
        let described = describe_certificate(&environment.aws, certificate_id).await?;
        let reported = described.and_then(|certificate| certificate.status);
        if gathered.facts.row(certificate_id).is_none() {
            log::warn(
                "this vehicle was never admitted with this certificate, so nothing is recorded",
                &[("vin", vin.to_string()), ("certificate_id", certificate_id.to_string())],
            );
        }
        match rule(&gathered.facts, certificate_id, reported, environment.aws.now()) {
            Ok(effects) => match environment.perform(effects).await {
                Ok(_) => return Ok(()),
                Err(PerformError::FactsChanged { .. }) => {}
                Err(error) => return Err(error.into()),
            },
            Err(AwaitingActivation) => environment.aws.transport.pause(PAUSE).await,
        }
    }
    Err(format!("certificate {certificate_id} of vehicle {vin} did not become active in time").into())
}
