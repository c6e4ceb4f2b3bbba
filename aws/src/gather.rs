//! Reading all that the tables know of one vehicle.

use provisioning_rules::VehicleFacts;
use shared::{CertificateId, CertificateStatus, Vin};

use crate::dynamodb::{Item, Query, get_item, query};
use crate::iot::describe_certificate;
use crate::tables::{TableNames, UnreadableItem, authorized_vehicles, provisioned_vehicles, provisioning_attempts};
use crate::{Aws, AwsError, Transport};

/// The facts of a vehicle, and the rows of it that could not be read.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// What is known.
    pub facts: VehicleFacts,
    /// What could not be read.
    pub unreadable: Vec<UnreadableItem>,
}

/// Reads the authorization and every certificate row of a vehicle, consistently and at once.
pub async fn gather<T: Transport>(aws: &Aws<T>, tables: &TableNames, vin: &Vin) -> Result<Gathered, AwsError> {
    let (authorized, provisioned) = futures::try_join!(
        get_item(aws, &tables.authorized_vehicles, authorized_vehicles::key(vin)),
        provisioned_items(aws, tables, vin),
    )?;
    let mut unreadable = Vec::new();
    let mut kept = |result: UnreadableItem| unreadable.push(result);
    let authorized = authorized.and_then(|item| authorized_vehicles::from_item(&item).map_err(&mut kept).ok());
    let provisioned =
        provisioned.iter().filter_map(|item| provisioned_vehicles::from_item(item).map_err(&mut kept).ok()).collect();
    Ok(Gathered { facts: VehicleFacts { vin: vin.clone(), authorized, provisioned }, unreadable })
}

/// Asks AWS IoT about the certificate whose registration the tables have not seen: an event may be under way or lost, and a
/// vehicle that is live must not count as one that never was. Only the admitted certificate can be live, and rows of an
/// existing deployment; others are not asked about, so that nobody makes this slow by asking to be provisioned often.
pub async fn refresh_pending<T: Transport>(aws: &Aws<T>, facts: &mut VehicleFacts) -> Result<(), AwsError> {
    let admitted = facts.admitted().cloned();
    for row in &mut facts.provisioned {
        let can_be_live = row.admitted_at.is_none() || Some(&row.certificate_id) == admitted.as_ref();
        if row.certificate_status == CertificateStatus::PendingActivation && can_be_live {
            let described = describe_certificate(aws, &row.certificate_id).await?;
            if described.and_then(|certificate| certificate.status) == Some(CertificateStatus::Active) {
                row.certificate_status = CertificateStatus::Active;
            }
        }
    }
    Ok(())
}

/// The vehicle a certificate was admitted for, if it ever was. Read consistently.
pub async fn admitted_for<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    certificate_id: &CertificateId,
) -> Result<Option<Vin>, AwsError> {
    let key = provisioning_attempts::admission_key(certificate_id);
    let item = get_item(aws, &tables.provisioning_attempts, key).await?;
    Ok(item.as_ref().and_then(provisioning_attempts::admitted_vin))
}

async fn provisioned_items<T: Transport>(aws: &Aws<T>, tables: &TableNames, vin: &Vin) -> Result<Vec<Item>, AwsError> {
    let mut items = Vec::new();
    let mut start = None;
    loop {
        let page = query(
            aws,
            Query {
                table: &tables.provisioned_vehicles,
                index: None,
                partition: (provisioned_vehicles::VIN, vin.as_str()),
                sort: None,
                descending: false,
                limit: None,
                start,
            },
        )
        .await?;
        items.extend(page.items);
        start = page.last_evaluated_key;
        if start.is_none() {
            return Ok(items);
        }
    }
}
