use aws::Transport;
use aws::iot::describe_certificate;
use provisioning_rules::after_registration;
use shared::{CertificateId, ReceiptStep, StepOutcome, Vin};

use crate::operations::perform_action::perform_action;
use crate::{Deployment, Operator, failure};

/// Settles the vehicle on its new certificate at once, as the thing's event does a little later. The certificate is in use
/// already, so what fails here is a warning: an error would lose the private key.
pub(super) async fn settle<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    vin: &Vin,
    id: &CertificateId,
) -> Vec<ReceiptStep> {
    let settled = perform_action(deployment, operator, vin, async |facts| {
        let described = describe_certificate(&deployment.aws, id).await.map_err(failure::of_read)?;
        let reported = described.and_then(|certificate| certificate.status);
        // One that is not active yet is looked at again when its thing's event comes.
        Ok(after_registration(facts, id, reported, deployment.now()).unwrap_or_default())
    })
    .await;
    match settled {
        Ok(done) => done.steps,
        Err(error) => vec![ReceiptStep {
            what: "record the certificate as active, and retire the one it replaces".to_owned(),
            at: deployment.now(),
            outcome: StepOutcome::NotProven,
            proof: Some(format!(
                "The certificate is active all the same. The rest follows when AWS IoT's event of the registration is \
                 handled ({error})"
            )),
        }],
    }
}
