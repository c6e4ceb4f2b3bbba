//! The index partitions that hold the vehicles asked for, each sorted by VIN.

use aws::dynamodb::{Item, KeyCondition, Query, query};
use aws::tables::{SHARDS, authorized_vehicles, provisioned_vehicles};
use aws::{AwsError, Transport};
use shared::api::VehiclesQuery;
use shared::{CertificateStatus, VehicleStanding, Vin};

use super::PAGE;
use crate::Deployment;

/// A partition of an index.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// Authorizations in one shard.
    Authorized(usize),
    /// Certificates with one status.
    Status(CertificateStatus),
    /// Certificates admitted with one claim certificate.
    Claim(String),
}

/// The rows of one partition, in the order of their VINs, and how far they are whole.
pub(super) struct SortedRows {
    /// Where they are from.
    pub(super) source: Source,
    /// The rows with the text of their VIN.
    pub(super) rows: Vec<(String, Item)>,
    /// Vehicles before this VIN are whole; `None` where all are.
    pub(super) whole_before: Option<String>,
}

impl Source {
    /// The partitions to read for a listing. Their union holds every vehicle asked for.
    pub(super) fn of(asked: &VehiclesQuery) -> Vec<Source> {
        if let Some(claim) = &asked.claim {
            return vec![Source::Claim(claim.to_string())];
        }
        use CertificateStatus::{Active, Deleted, Inactive, PendingActivation, Revoked};
        let statuses: &[CertificateStatus] = match asked.standing {
            Some(VehicleStanding::Connected | VehicleStanding::Provisioned) => &[Active],
            Some(VehicleStanding::Provisioning) => &[PendingActivation],
            Some(VehicleStanding::OnHold) => &[Inactive],
            Some(VehicleStanding::Revoked) => &[Revoked, Deleted],
            Some(VehicleStanding::AwaitingReprovision) => &[Inactive, Revoked, Deleted],
            Some(VehicleStanding::Authorized | VehicleStanding::NotAllowed) | None => {
                let authorized = (0..SHARDS).map(Source::Authorized);
                return authorized.chain(CertificateStatus::ALL.into_iter().map(Source::Status)).collect();
            }
        };
        statuses.iter().copied().map(Source::Status).collect()
    }

    /// Whether reading the partitions of this listing gives every row of every vehicle in them.
    pub(super) fn are_whole(sources: &[Source]) -> bool {
        sources.len() == SHARDS + CertificateStatus::ALL.len()
    }

    /// Reads rows after `after` whose VIN begins with `prefix`: enough for a page, and at least one whole vehicle.
    pub(super) async fn read<T: Transport>(
        self,
        deployment: &Deployment<T>,
        prefix: &str,
        after: Option<&Vin>,
    ) -> Result<SortedRows, AwsError> {
        // In the order of ASCII, '!' comes before and '~' after every character of a VIN.
        let low = after.map_or_else(
            || if prefix.is_empty() { "!".to_owned() } else { prefix.to_owned() },
            |vin| format!("{vin}!"),
        );
        let high = format!("{prefix}~");
        let mut read = SortedRows { source: self, rows: Vec::new(), whole_before: None };
        let mut start = None;
        loop {
            let page = read.source.query(deployment, &low, &high, start).await?;
            read.rows.extend(page.items.into_iter().map(|item| {
                let vin = item.get(provisioned_vehicles::VIN).and_then(|value| value.as_text()).unwrap_or_default();
                (vin.to_owned(), item)
            }));
            start = page.last_evaluated_key;
            let last = read.rows.last().map(|(vin, _)| vin.clone());
            read.whole_before = start.is_some().then_some(last.clone()).flatten();
            let one_is_whole = read.rows.first().map(|(vin, _)| vin) != last.as_ref();
            if start.is_none() || one_is_whole {
                return Ok(read);
            }
        }
    }

    async fn query<T: Transport>(
        &self,
        deployment: &Deployment<T>,
        low: &str,
        high: &str,
        start: Option<Item>,
    ) -> Result<aws::dynamodb::Page, AwsError> {
        let tables = &deployment.tables;
        let shard;
        let (table, index, partition) = match self {
            Source::Authorized(number) => {
                shard = number.to_string();
                let partition = (authorized_vehicles::VIN_SHARD, shard.as_str());
                (&tables.authorized_vehicles, authorized_vehicles::SHARD_INDEX, partition)
            }
            Source::Status(status) => {
                let partition = (provisioned_vehicles::CERTIFICATE_STATUS, status.as_str());
                (&tables.provisioned_vehicles, provisioned_vehicles::STATUS_INDEX, partition)
            }
            Source::Claim(claim) => {
                let partition = (provisioned_vehicles::CLAIM_CERTIFICATE_ID, claim.as_str());
                (&tables.provisioned_vehicles, provisioned_vehicles::CLAIM_INDEX, partition)
            }
        };
        let sort = Some(KeyCondition::Between(provisioned_vehicles::VIN, low, high));
        let limit = Some(PAGE as u32 + 1);
        query(&deployment.aws, Query { table, index: Some(index), partition, sort, descending: false, limit, start })
            .await
    }
}
