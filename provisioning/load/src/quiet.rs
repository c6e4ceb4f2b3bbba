//! Waiting until nothing changes any more, and counting what is active then.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws::iot::describe_certificate;
use aws::tables::provisioned_vehicles;
use aws::{Aws, NativeTransport};
use serde::Serialize;
use shared::{CertificateId, CertificateStatus, Vin};
use tokio::time::Instant;

use crate::outcome::{Outcome, Told};
use crate::pace::Pace;
use crate::reasons::partition;
use crate::{LoadError, Stop};

/// Events of AWS IoT are delivered within seconds; a failed one is tried again after a minute, and again after two.
const PATIENCE: Duration = Duration::from_secs(240);
const PAUSE: Duration = Duration::from_millis(500);

/// Whoever asked for the end waits for it.
const PATIENCE_AFTER_STOP: Duration = Duration::from_secs(30);

/// What one VIN has when things are quiet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Quiet {
    /// Its certificates that ProvisionedVehicles says are active.
    pub recorded_active: BTreeSet<CertificateId>,
    /// Its certificates, on record or merely issued to one of its vehicles, that AWS IoT says are active.
    pub reported_active: BTreeSet<CertificateId>,
    /// Every certificate of it that AWS IoT still has.
    pub existing: BTreeSet<CertificateId>,
    /// Why it does not count as quiet; `None` where it does.
    pub restless: Option<String>,
}

/// What all VINs of a run have when things are quiet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Certificates that AWS IoT reports active.
    pub active_certificates: usize,
    /// VINs with exactly one of them.
    pub vins_with_one_active: usize,
    /// VINs with more than one, in AWS IoT or in ProvisionedVehicles: there must be none.
    pub vins_with_two_active: Vec<Vin>,
    /// VINs of which table and AWS IoT did not come to agree, with what was wrong.
    pub restless_vins: BTreeMap<String, String>,
}

impl Count {
    /// Counts what each VIN has.
    pub fn of(vins: &BTreeMap<Vin, Quiet>) -> Self {
        let two = |quiet: &Quiet| quiet.reported_active.len() > 1 || quiet.recorded_active.len() > 1;
        Count {
            active_certificates: vins.values().map(|quiet| quiet.reported_active.len()).sum(),
            vins_with_one_active: vins.values().filter(|quiet| quiet.reported_active.len() == 1 && !two(quiet)).count(),
            vins_with_two_active: vins.iter().filter(|(_, quiet)| two(quiet)).map(|(vin, _)| vin.clone()).collect(),
            restless_vins: vins
                .iter()
                .filter_map(|(vin, quiet)| Some((vin.to_string(), quiet.restless.clone()?)))
                .collect(),
        }
    }
}

/// Waits until every VIN is quiet: no certificate of it is on its way, and table and AWS IoT agree on what is active. What
/// is not quiet in the end, which comes sooner when the test is asked to end, is returned as it is then.
pub(crate) async fn wait_until_quiet(
    aws: &Aws<NativeTransport>,
    table: &str,
    told: &[Told],
    pace: &Pace,
    stop: &Stop,
    done: impl Fn(),
) -> Result<BTreeMap<Vin, Quiet>, LoadError> {
    let mut issued: BTreeMap<&Vin, Issued> = BTreeMap::new();
    for one in told.iter().filter(|one| !matches!(one.outcome, Outcome::NotStarted)) {
        let of_vin = issued.entry(&one.vin).or_default();
        of_vin.certificates.extend(one.certificate_id.clone());
        of_vin.somebody_was_allowed |= matches!(one.outcome, Outcome::Allowed(_));
    }
    let mut deadline = Instant::now() + PATIENCE;
    let (mut vins, mut stopped) = (BTreeMap::new(), None);
    loop {
        let mut restless = Vec::new();
        for (vin, of_vin) in issued {
            let quiet = look(aws, table, vin, &of_vin, pace).await?;
            if quiet.restless.is_none() {
                done();
            } else {
                restless.push((vin, of_vin));
            }
            vins.insert(vin.clone(), quiet);
        }
        if stop.is_asked() {
            deadline = deadline.min(*stopped.get_or_insert_with(Instant::now) + PATIENCE_AFTER_STOP);
        }
        if restless.is_empty() || Instant::now() > deadline {
            return Ok(vins);
        }
        tokio::time::sleep(PAUSE).await;
        issued = restless.into_iter().collect();
    }
}

/// What the vehicles of one VIN got.
#[derive(Default)]
struct Issued {
    certificates: BTreeSet<CertificateId>,
    somebody_was_allowed: bool,
}

async fn look(
    aws: &Aws<NativeTransport>,
    table: &str,
    vin: &Vin,
    issued: &Issued,
    pace: &Pace,
) -> Result<Quiet, LoadError> {
    let rows = partition(aws, table, (provisioned_vehicles::VIN, vin.as_str()))
        .await
        .map_err(LoadError::attempting("read ProvisionedVehicles"))?;
    let mut quiet = Quiet::default();
    let mut known = issued.certificates.clone();
    for row in &rows {
        let record = match provisioned_vehicles::from_item(row) {
            Ok(record) => record,
            Err(unreadable) => {
                quiet.restless = Some(format!("a row cannot be read: {}", unreadable.problem));
                return Ok(quiet);
            }
        };
        match record.certificate_status {
            CertificateStatus::Active => {
                quiet.recorded_active.insert(record.certificate_id.clone());
            }
            CertificateStatus::PendingActivation | CertificateStatus::Inactive => {
                quiet.restless = Some(format!("a certificate is still {}", record.certificate_status));
            }
            CertificateStatus::Revoked | CertificateStatus::Deleted => {}
        }
        known.insert(record.certificate_id);
    }
    if issued.somebody_was_allowed && quiet.recorded_active.is_empty() && quiet.restless.is_none() {
        quiet.restless = Some("a vehicle was let in and no certificate is recorded as active".to_owned());
    }
    // AWS IoT is asked even so: what is active there is active whatever the table says.
    for id in known {
        pace.turn().await;
        let described =
            describe_certificate(aws, &id).await.map_err(LoadError::attempting("ask AWS IoT about certificates"))?;
        let Some(description) = described else { continue };
        if description.status == Some(CertificateStatus::Active) {
            quiet.reported_active.insert(id.clone());
        }
        quiet.existing.insert(id);
    }
    if quiet.restless.is_none() && quiet.recorded_active != quiet.reported_active {
        quiet.restless = Some(format!(
            "{} certificates are recorded as active and AWS IoT reports {}",
            quiet.recorded_active.len(),
            quiet.reported_active.len()
        ));
    }
    Ok(quiet)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: &[u8]) -> BTreeSet<CertificateId> {
        numbers.iter().map(|number| CertificateId::try_from(format!("{number:064x}")).unwrap()).collect()
    }

    fn vin(number: u8) -> Vin {
        Vin::try_from(format!("L0ADAAAAAAA{number:06}")).unwrap()
    }

    #[test]
    fn two_active_certificates_are_found_wherever_they_are_active() {
        let quiet = |recorded: &[u8], reported: &[u8]| Quiet {
            recorded_active: ids(recorded),
            reported_active: ids(reported),
            existing: ids(reported),
            restless: (recorded != reported).then(|| "x".to_owned()),
        };
        let vins = BTreeMap::from([
            (vin(0), quiet(&[1], &[1])),
            (vin(1), quiet(&[1], &[1, 2])),
            (vin(2), quiet(&[1, 2], &[1])),
            (vin(3), quiet(&[], &[])),
        ]);
        let count = Count::of(&vins);
        assert_eq!(count.vins_with_two_active, [vin(1), vin(2)]);
        assert_eq!((count.active_certificates, count.vins_with_one_active), (4, 1));
        assert_eq!(count.restless_vins.len(), 2);
    }
}
