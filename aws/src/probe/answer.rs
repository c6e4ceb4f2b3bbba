use serde::{Deserialize, Serialize};

use super::Probe;
use crate::dynamodb::{CONDITION_FAILED, TRANSACTION_CANCELED};
use crate::{AwsError, AwsErrorCause};

/// What came of trying a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probed {
    /// The call, by the name of its permission and what it is about.
    pub call: String,
    /// What came of it.
    pub outcome: ProbeOutcome,
}

/// Whether a call is permitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProbeOutcome {
    /// It is.
    Permitted,
    /// AWS refuses it, in these words.
    Refused(String),
    /// It could not be tried, or what it is about is not there.
    Failed(String),
}

/// What an error says about the permission.
pub(super) fn outcome_of(probe: Probe, error: AwsError) -> ProbeOutcome {
    let AwsErrorCause::Answer { status, code, message, .. } = &error.cause else {
        return ProbeOutcome::Failed(error.to_string());
    };
    // The services call it by different names, and all but DynamoDB and KMS give it this status.
    let denied = *status == 403
        || matches!(
            code.as_str(),
            "AccessDenied" | "AccessDeniedException" | "UnauthorizedException" | "ForbiddenException"
        );
    if denied {
        ProbeOutcome::Refused(format!("{code}: {message}"))
    } else if is_what_was_asked_for(probe, code) {
        ProbeOutcome::Permitted
    } else {
        ProbeOutcome::Failed(error.to_string())
    }
}

/// Whether the call came as far as it could.
fn is_what_was_asked_for(probe: Probe, code: &str) -> bool {
    match probe {
        Probe::PutItem(_) | Probe::UpdateItem(_) => code == CONDITION_FAILED,
        Probe::ConditionCheckItem(_) => code == TRANSACTION_CANCELED,
        // An index that is not there is a matter of the table.
        Probe::QueryIndex(..) => code == "ValidationException",
        Probe::UpdateCertificate
        | Probe::DeleteCertificate
        | Probe::AttachPolicy
        | Probe::DetachPolicy
        | Probe::ListAttachedPolicies
        | Probe::ListPrincipalThings
        | Probe::AttachThingPrincipal
        | Probe::DetachThingPrincipal
        | Probe::UpdateThing
        | Probe::DeleteConnection
        | Probe::PutSecretValue
        | Probe::UpdateSecretVersionStage
        | Probe::RotateSecret
        | Probe::CancelRotateSecret => {
            matches!(code, "ResourceNotFoundException" | "InvalidRequestException" | "InvalidParameterException")
        }
        Probe::RegisterCertificateWithoutCa | Probe::CreateCertificateFromCsr => {
            matches!(code, "CertificateValidationException" | "InvalidRequestException")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ProbedTable, Service};

    fn outcome(probe: Probe, status: u16, code: &str) -> ProbeOutcome {
        let cause = AwsErrorCause::Answer {
            status,
            code: code.to_owned(),
            message: "words".to_owned(),
            request_id: "-".to_owned(),
        };
        outcome_of(probe, AwsError { service: Service::DynamoDb, operation: "PutItem", cause })
    }

    #[test]
    fn a_condition_that_cannot_hold_proves_the_permission_and_nothing_else_does() {
        let put = Probe::PutItem(ProbedTable::ProvisionedVehicles);
        assert_eq!(outcome(put, 400, CONDITION_FAILED), ProbeOutcome::Permitted);
        assert!(matches!(outcome(put, 400, "AccessDeniedException"), ProbeOutcome::Refused(_)));
        assert!(matches!(outcome(put, 400, "ResourceNotFoundException"), ProbeOutcome::Failed(_)));
        assert!(matches!(outcome(put, 500, "InternalFailure"), ProbeOutcome::Failed(_)));
    }

    #[test]
    fn what_is_not_there_proves_that_it_was_looked_for() {
        assert_eq!(outcome(Probe::DeleteCertificate, 404, "ResourceNotFoundException"), ProbeOutcome::Permitted);
        assert!(matches!(outcome(Probe::DeleteCertificate, 401, "UnauthorizedException"), ProbeOutcome::Refused(_)));
        // Whoever may not see the template sees none; one that is not there is another matter.
        let template = Probe::DescribeProvisioningTemplate;
        assert!(matches!(outcome(template, 404, "ResourceNotFoundException"), ProbeOutcome::Failed(_)));
    }
}
