use aws::Transport;
use aws::iot::describe_certificate;
use provisioning_rules::{ActionBy, hold, release, revoke};
use shared::CertificateId;
use shared::api::{ApiError, CertificateAction, Done, Reason};

use super::perform_action::perform_action;
use crate::{Deployment, Operator, failure};

/// Revokes, holds or releases one certificate of one vehicle.
pub(crate) async fn act_on_certificate<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    typed_vin: &str,
    certificate_id: &CertificateId,
    action: CertificateAction,
    Reason { reason }: Reason,
) -> Result<Done, ApiError> {
    let vin = deployment.vin(typed_vin)?;
    let by = ActionBy { operator: operator.name().to_owned(), reason: Reason::checked(&reason)?, at: deployment.now() };
    perform_action(deployment, operator, &vin, async |facts| {
        let row = facts
            .row(certificate_id)
            .ok_or_else(|| ApiError::NoSuchCertificate { vin: vin.clone(), certificate_id: certificate_id.clone() })?;
        let effects = match action {
            CertificateAction::Revoke => {
                let certificate =
                    describe_certificate(&deployment.aws, certificate_id).await.map_err(failure::of_read)?;
                revoke(facts, row, certificate.and_then(|certificate| certificate.status), &by)
            }
            CertificateAction::Hold => hold(facts, row, &by),
            CertificateAction::Release => release(facts, row),
        };
        Ok(effects?)
    })
    .await
}
