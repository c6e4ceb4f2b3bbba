use aws::iot::{CertificateDescription, describe_certificate};
use aws::{AwsError, Transport, gather, refresh_pending};
use futures::{StreamExt, TryStreamExt, stream};
use provisioning_rules::{
    VehicleFacts, current_certificate, is_unfinished, may_hold, may_issue, may_open_ticket, may_release, may_revoke,
    standing,
};
use shared::api::{ApiError, CertificateAction, CertificateDetails, VehicleDetails};
use shared::{CertificateStatus, ProvisionedVehicle, Receipt};

use super::attempts_of_vehicle::attempts_of_vehicle;
use super::receipts_of_vehicle::receipts_of_vehicle;
use super::unreadable;
use crate::{Deployment, Operator, failure};

/// A Worker has six connections at a time.
const AT_ONCE: usize = 6;

/// How many of the latest receipts are shown.
const RECEIPTS: usize = 5;

/// One vehicle with all that is known of it, and what can be done with it now.
pub(crate) async fn show_vehicle<T: Transport>(
    deployment: &Deployment<T>,
    _operator: &Operator,
    typed_vin: &str,
) -> Result<VehicleDetails, ApiError> {
    let vin = deployment.vin(typed_vin)?;
    let (gathered, (attempts, more_attempts, unreadable_attempts), receipts) = futures::try_join!(
        gather(&deployment.aws, &deployment.tables, &vin),
        attempts_of_vehicle(deployment, &vin),
        receipts_of_vehicle(deployment, &vin, RECEIPTS, None),
    )
    .map_err(failure::of_read)?;
    let recorded = gathered.facts.provisioned.clone();
    let mut facts = gathered.facts;
    refresh_pending(&deployment.aws, &mut facts).await.map_err(failure::of_read)?;
    let nothing_known = facts.authorized.is_none() && facts.provisioned.is_empty() && gathered.unreadable.is_empty();
    if nothing_known && attempts.is_empty() {
        return Err(ApiError::NoSuchVehicle { vin });
    }
    let now = deployment.now();
    let mut certificates: Vec<CertificateDetails> = stream::iter(recorded.into_iter().zip(&facts.provisioned))
        .map(|(record, row)| show_certificate(deployment, &facts, &receipts.receipts, record, row))
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await
        .map_err(failure::of_read)?;
    certificates.sort_by(|one, other| {
        let newest_first = |details: &CertificateDetails| (details.current, details.record.admitted_at);
        newest_first(other)
            .cmp(&newest_first(one))
            .then_with(|| one.record.certificate_id.cmp(&other.record.certificate_id))
    });
    let mut problems: Vec<_> = gathered.unreadable.into_iter().map(|row| unreadable("Vehicle", row)).collect();
    problems.extend(unreadable_attempts);
    problems.extend(receipts.unreadable);
    Ok(VehicleDetails {
        vin,
        standing: standing(&facts, now),
        issue: may_issue(&facts, now).into(),
        reprovision: may_open_ticket(&facts, now).into(),
        authorized: facts.authorized,
        certificates,
        attempts,
        more_attempts,
        receipts: receipts.receipts,
        more_receipts: receipts.next,
        unreadable: problems,
        now,
    })
}

/// Shows the record as the table has it; what can be done follows from `row`, which AWS IoT may have had a say in.
async fn show_certificate<T: Transport>(
    deployment: &Deployment<T>,
    facts: &VehicleFacts,
    receipts: &[Receipt],
    record: ProvisionedVehicle,
    row: &ProvisionedVehicle,
) -> Result<CertificateDetails, AwsError> {
    let described: Option<CertificateDescription> = match row.certificate_status {
        // What the tables know to be deleted need not be asked for: a vehicle's history may be long.
        CertificateStatus::Deleted => None,
        _ => describe_certificate(&deployment.aws, &row.certificate_id).await?,
    };
    let unfinished = |action| is_unfinished(receipts, &row.certificate_id, action);
    Ok(CertificateDetails {
        reported_status: described.as_ref().and_then(|certificate| certificate.status),
        valid_from: described.as_ref().and_then(|certificate| certificate.valid_from),
        valid_until: described.as_ref().and_then(|certificate| certificate.valid_until),
        current: current_certificate(facts).is_some_and(|current| current.certificate_id == row.certificate_id),
        revoke: may_revoke(row, unfinished(CertificateAction::Revoke)).into(),
        hold: may_hold(row, unfinished(CertificateAction::Hold)).into(),
        release: may_release(facts, row).into(),
        record,
    })
}
