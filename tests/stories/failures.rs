//! AWS failing half-way.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use aws::NativeTransport;
use edge::answer;
use libtest_mimic::Trial;
use shared::api::{ApiError, CertificateAction, Route};
use shared::{CertificateId, CertificateStatus};
use stories::{Failure, Outage, World};

use crate::Teller;

/// More calls than a revocation makes.
const MOST_CALLS: usize = 30;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    Failure::ALL
        .into_iter()
        .map(|failure| {
            let name = format!("a_revocation_that_was_interrupted_is_finished_by_repeating_it::{failure:?}");
            teller.fact(&name, move |world| interrupted_revocation(world, failure))
        })
        .collect()
}

/// Interrupts the revocation before its first call, its second, and so on until it is not interrupted any more.
async fn interrupted_revocation(world: Arc<World>, failure: Failure) -> Result<()> {
    let tables = world.tables(&world.attempts_table().await?);
    for calls in 0..MOST_CALLS {
        let vin = world.authorized_vin().await?;
        let id = CertificateId::try_from(world.provisioned(&vin).await?.certificate_id.to_string())?;
        let revoke = || {
            let path = Route::Certificate(vin.clone(), id.clone(), CertificateAction::Revoke).path();
            let body = br#"{"reason":"reported stolen"}"#.to_vec();
            http::Request::post(path).header("content-type", "application/json").body(body)
        };
        let failing = world.edge(Outage::new(calls, failure), &tables)?;
        let first = answer(&failing, revoke()?).await;
        let interrupted = !first.status().is_success();
        if interrupted {
            let error: ApiError = serde_json::from_slice(first.body())?;
            ensure!(error.is_passing(), "call {calls}: {error:?}");
            let repeated =
                answer(&world.edge(NativeTransport::new(Duration::from_secs(20)), &tables)?, revoke()?).await;
            let said = String::from_utf8_lossy(repeated.body()).into_owned();
            // Where only the last answer was lost, the revocation is whole and repeating it says so.
            ensure!(repeated.status().is_success() || said.contains("already-revoked"), "call {calls}: {said}");
        }
        let details = world.api.vehicle(&vin).await?;
        let certificate = &details.certificates[0];
        ensure!(certificate.reported_status == Some(CertificateStatus::Revoked), "call {calls}: {certificate:?}");
        ensure!(certificate.record.certificate_status == CertificateStatus::Revoked, "call {calls}: {certificate:?}");
        ensure!(details.authorized.is_some_and(|authorized| !authorized.allow_provisioning), "call {calls}: the door");
        if !failing.aws.transport.happened() {
            ensure!(calls > 3, "a revocation makes more calls than {calls}");
            return Ok(());
        }
    }
    anyhow::bail!("the revocation makes more calls than expected")
}
