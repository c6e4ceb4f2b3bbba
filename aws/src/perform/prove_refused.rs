use shared::{CertificateId, CertificateStatus};

use super::performed::Proof;
use crate::iot::describe_certificate;
use crate::{Aws, Transport};

/// Asks AWS IoT what the certificate is now: the rule that it follows when somebody connects.
pub(super) async fn prove_refused<T: Transport>(aws: &Aws<T>, id: &CertificateId) -> Proof {
    let described = match describe_certificate(aws, id).await {
        Ok(described) => described,
        Err(error) => {
            return Proof::Missing(format!(
                "AWS IoT did not say whether it refuses the certificate ({error}). It was told to."
            ));
        }
    };
    let at = aws.now();
    match described.map(|certificate| certificate.status) {
        None => Proof::Given(format!("AWS IoT refuses it: it has no such certificate, asked at {at}")),
        Some(Some(status)) if status != CertificateStatus::Active => {
            Proof::Given(format!("AWS IoT refuses it: reported {status} at {at}"))
        }
        Some(Some(status)) => Proof::Missing(format!(
            "AWS IoT still reports the certificate as {status}, asked at {at}: somebody or something brought it back. \
             Look at the vehicle again and repeat the action."
        )),
        Some(None) => Proof::Missing(format!(
            "AWS IoT reports the certificate as being transferred to another account, asked at {at}: look at it in the \
             AWS console."
        )),
    }
}
