//! Certificates that were revoked long enough ago leave AWS IoT; their rows keep telling who revoked them and why.

use std::time::Duration;

use aws::Transport;
use aws::dynamodb::{Query, query};
use aws::iot::describe_certificate;
use aws::tables::provisioned_vehicles::{CERTIFICATE_STATUS, STATUS_INDEX, from_item};
use provisioning_rules::remove_revoked;
use shared::{CertificateStatus, ProvisionedVehicle, SignedDuration, Timestamp};

use crate::environment::setting;
use crate::{Environment, Failure, log};

/// How many are removed at a time: about two minutes' work. What is left is done the next time.
const MOST: usize = 200;

/// So many that fail are no accident of single ones: the rest is left to the next time, too.
const MOST_FAILURES: usize = 50;

/// How many rows are read at once.
const PAGE: u32 = 100;

/// Between one removal and the next. Each describes its certificate twice, and AWS IoT takes ten such calls a second by
/// default, of which the pre-provisioning hook and the console need some.
const PAUSE: Duration = Duration::from_millis(500);

/// For how many days a revoked certificate is kept, where the setting does not say.
const KEPT_DAYS: i64 = 30;

/// Removes what was revoked longer ago than `KEEP_REVOKED_DAYS`. How many there were.
pub(super) async fn remove_revoked_certificates(environment: &Environment) -> Result<usize, Failure> {
    let keep_for = kept_for(setting("KEEP_REVOKED_DAYS").as_deref())?;
    let (mut removed, mut failed) = (0, 0);
    let mut start = None;
    loop {
        let answer = query(
            &environment.aws,
            Query {
                table: &environment.tables.provisioned_vehicles,
                index: Some(STATUS_INDEX),
                partition: (CERTIFICATE_STATUS, CertificateStatus::Revoked.as_str()),
                sort: None,
                descending: false,
                limit: Some(PAGE),
                start,
            },
        )
        .await;
        let page = match answer {
            Ok(page) => page,
            // A table that an earlier stack left has no index, and reading all of it every hour is not worth it.
            Err(error) if matches!(error.code(), Some("ValidationException" | "ResourceNotFoundException")) => {
                log::warn(
                    "revoked certificates stay",
                    &[("why", format!("the table cannot be read by status: {error}"))],
                );
                return conclude(removed, failed);
            }
            Err(error) => return Err(error.into()),
        };
        for item in &page.items {
            let row = match from_item(item) {
                Ok(row) => row,
                Err(row) => {
                    log::warn("unreadable row", &[("row", row.to_string())]);
                    continue;
                }
            };
            let now = environment.aws.now();
            // Most rows are too young: AWS IoT is asked about the others alone.
            if remove_revoked(&row, Some(CertificateStatus::Revoked), now, keep_for).is_empty() {
                continue;
            }
            match remove(environment, &row, now, keep_for).await {
                Ok(()) => removed += 1,
                // One that cannot be removed does not keep the others.
                Err(error) => {
                    failed += 1;
                    let certificate = row.certificate_id.to_string();
                    let fields = [("certificate_id", certificate), ("error", error.to_string())];
                    log::error("a revoked certificate was not removed", &fields);
                }
            }
            if removed == MOST || failed == MOST_FAILURES {
                return conclude(removed, failed);
            }
            environment.aws.transport.pause(PAUSE).await;
        }
        start = page.last_evaluated_key;
        if start.is_none() {
            return conclude(removed, failed);
        }
    }
}

async fn remove(
    environment: &Environment,
    row: &ProvisionedVehicle,
    now: Timestamp,
    keep_for: SignedDuration,
) -> Result<(), Failure> {
    let described = describe_certificate(&environment.aws, &row.certificate_id).await?;
    let reported = described.and_then(|certificate| certificate.status);
    environment.perform(remove_revoked(row, reported, now, keep_for)).await?;
    Ok(())
}

fn conclude(removed: usize, failed: usize) -> Result<usize, Failure> {
    match failed {
        0 => Ok(removed),
        failed => Err(format!("{failed} revoked certificates could not be removed; {removed} others were").into()),
    }
}

fn kept_for(days: Option<&str>) -> Result<SignedDuration, Failure> {
    let days = match days {
        None => KEPT_DAYS,
        Some(days) => days
            .parse::<u16>()
            .map_err(|_| format!("the setting KEEP_REVOKED_DAYS is {days:?}: it must be a number of days"))?
            .into(),
    };
    Ok(SignedDuration::from_hours(24 * days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_that_a_revoked_certificate_is_kept_is_a_number_of_days() {
        assert_eq!(kept_for(None).unwrap(), SignedDuration::from_hours(30 * 24));
        assert_eq!(kept_for(Some("0")).unwrap(), SignedDuration::ZERO);
        for days in ["-1", "a month", "1.5"] {
            assert!(kept_for(Some(days)).unwrap_err().to_string().contains("KEEP_REVOKED_DAYS"), "{days}");
        }
    }
}
