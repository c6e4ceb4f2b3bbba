use shared::CertificateId;

use super::Probe;
use crate::dynamodb::Item;
use crate::tables::{
    TableNames, authorized_vehicles, claim_certificates, operator_actions, provisioned_vehicles, provisioning_attempts,
};

/// Nothing has this key: no VIN and no certificate id begins with a hyphen.
pub(super) const NOBODY: &str = "-self-check-";

/// No vehicle's thing.
pub(super) const NO_THING: &str = "Vehicle_-self-check-";

/// A certificate's id is a SHA-256, and of nothing known is it all zeros.
pub(super) fn no_certificate() -> CertificateId {
    CertificateId::of_digest([0; 32])
}

/// What calls are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeTargets {
    /// Where the tables are.
    pub tables: TableNames,
    /// The ARN that a certificate with the id of all zeros would have here.
    pub certificate_arn: String,
    /// The provisioning template.
    pub provisioning_template: Option<String>,
    /// The claim policy.
    pub claim_policy: Option<String>,
    /// The secret of the claim with the default name.
    pub claim_secret: Option<String>,
    /// The function that claims are rotated with.
    pub rotate_claim_function: Option<String>,
    /// The function that makes claims.
    pub claims_function: Option<String>,
}

impl ProbeTargets {
    /// The ARN that a certificate with the id of all zeros would have beside a function, whose ARN is
    /// `arn:<partition>:lambda:<region>:<account>:function:<name>`.
    pub fn certificate_arn_beside(function_arn: &str) -> String {
        let mut parts = function_arn.split(':').skip(1);
        let partition = parts.next().unwrap_or("aws");
        let (region, account) = (parts.nth(1).unwrap_or_default(), parts.next().unwrap_or_default());
        Self::certificate_arn_in(partition, region, account)
    }

    /// The ARN that a certificate with the id of all zeros would have in an account.
    pub fn certificate_arn_in(partition: &str, region: &str, account: &str) -> String {
        format!("arn:{partition}:iot:{region}:{account}:cert/{}", no_certificate())
    }

    /// The call by the name of its permission, and what it is about.
    pub(super) fn name_of(&self, probe: Probe) -> String {
        let action = probe.action();
        match probe {
            Probe::QueryIndex(of, index) => format!("{action} on table {}/index/{index}", of.name_in(&self.tables)),
            Probe::GetItem(of)
            | Probe::BatchGetItem(of)
            | Probe::Query(of)
            | Probe::Scan(of)
            | Probe::DescribeTable(of)
            | Probe::PutItem(of)
            | Probe::UpdateItem(of)
            | Probe::ConditionCheckItem(of) => format!("{action} on table {}", of.name_in(&self.tables)),
            Probe::DescribeSecret
            | Probe::GetSecretValue
            | Probe::PutSecretValue
            | Probe::UpdateSecretVersionStage
            | Probe::RotateSecret
            | Probe::CancelRotateSecret => {
                format!("{action} on secret {}*", self.claim_secret.as_deref().unwrap_or_default())
            }
            Probe::InvokeRotateClaim => {
                format!("{action} on {}", self.rotate_claim_function.as_deref().unwrap_or_default())
            }
            Probe::InvokeClaims => {
                format!("{action} on function {}", self.claims_function.as_deref().unwrap_or_default())
            }
            _ => action,
        }
    }
}

impl Probe {
    /// The permission that the call needs, by IAM's name, such as `dynamodb:GetItem`.
    pub fn action(self) -> String {
        let (service, operation) = match self {
            Probe::GetItem(_) => ("dynamodb", "GetItem"),
            Probe::BatchGetItem(_) => ("dynamodb", "BatchGetItem"),
            Probe::Query(_) | Probe::QueryIndex(..) => ("dynamodb", "Query"),
            Probe::Scan(_) => ("dynamodb", "Scan"),
            Probe::DescribeTable(_) => ("dynamodb", "DescribeTable"),
            Probe::PutItem(_) => ("dynamodb", "PutItem"),
            Probe::UpdateItem(_) => ("dynamodb", "UpdateItem"),
            Probe::ConditionCheckItem(_) => ("dynamodb", "ConditionCheckItem"),
            Probe::InvokeRotateClaim | Probe::InvokeClaims => ("lambda", "InvokeFunction"),
            Probe::RegisterCertificateWithoutCa => ("iot", "RegisterCertificateWithoutCA"),
            Probe::ListCaCertificates => ("iot", "ListCACertificates"),
            Probe::DescribeSecret
            | Probe::GetSecretValue
            | Probe::PutSecretValue
            | Probe::UpdateSecretVersionStage
            | Probe::ListSecrets
            | Probe::RotateSecret
            | Probe::CancelRotateSecret => return format!("secretsmanager:{self:?}"),
            // These are called as AWS calls them.
            other => return format!("iot:{other:?}"),
        };
        format!("{service}:{operation}")
    }
}

/// A table of the deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbedTable {
    /// Which VINs may be provisioned.
    AuthorizedVehicles,
    /// Which certificates were issued to which vehicle.
    ProvisionedVehicles,
    /// Who asked to be provisioned.
    ProvisioningAttempts,
    /// What operators did.
    OperatorActions,
    /// What each claim certificate is for.
    ClaimCertificates,
}

impl ProbedTable {
    /// Every table.
    pub const ALL: [Self; 5] = [
        Self::AuthorizedVehicles,
        Self::ProvisionedVehicles,
        Self::ProvisioningAttempts,
        Self::OperatorActions,
        Self::ClaimCertificates,
    ];

    /// The table's name in this deployment.
    pub fn name_in(self, tables: &TableNames) -> &str {
        match self {
            Self::AuthorizedVehicles => &tables.authorized_vehicles,
            Self::ProvisionedVehicles => &tables.provisioned_vehicles,
            Self::ProvisioningAttempts => &tables.provisioning_attempts,
            Self::OperatorActions => &tables.operator_actions,
            Self::ClaimCertificates => &tables.claim_certificates,
        }
    }

    /// The indexes that the table has for this project.
    pub const fn indexes(self) -> &'static [&'static str] {
        match self {
            Self::AuthorizedVehicles => &[authorized_vehicles::SHARD_INDEX, authorized_vehicles::EXPECTED_CLAIM_INDEX],
            Self::ProvisionedVehicles => &[provisioned_vehicles::STATUS_INDEX, provisioned_vehicles::CLAIM_INDEX],
            Self::ProvisioningAttempts => &[provisioning_attempts::OUTCOME_INDEX, provisioning_attempts::CLAIM_INDEX],
            Self::OperatorActions | Self::ClaimCertificates => &[],
        }
    }

    pub(super) fn partition_key(self) -> &'static str {
        match self {
            Self::AuthorizedVehicles => authorized_vehicles::VIN,
            Self::ProvisionedVehicles => provisioned_vehicles::VIN,
            Self::ProvisioningAttempts => provisioning_attempts::VIN,
            Self::OperatorActions => operator_actions::VIN,
            Self::ClaimCertificates => claim_certificates::CLAIM_CERTIFICATE_ID,
        }
    }

    pub(super) fn partition_of(self, index: &str) -> &'static str {
        match (self, index) {
            (Self::AuthorizedVehicles, authorized_vehicles::SHARD_INDEX) => authorized_vehicles::VIN_SHARD,
            (Self::AuthorizedVehicles, _) => authorized_vehicles::EXPECTED_CLAIM_CERTIFICATE_ID,
            (Self::ProvisionedVehicles, provisioned_vehicles::STATUS_INDEX) => provisioned_vehicles::CERTIFICATE_STATUS,
            (Self::ProvisionedVehicles, _) => provisioned_vehicles::CLAIM_CERTIFICATE_ID,
            (Self::ProvisioningAttempts, provisioning_attempts::OUTCOME_INDEX) => provisioning_attempts::OUTCOME,
            (Self::ProvisioningAttempts, _) => provisioning_attempts::CLAIM_CERTIFICATE_ID,
            (Self::OperatorActions | Self::ClaimCertificates, _) => self.partition_key(),
        }
    }

    /// A key under which there is nothing.
    pub(super) fn no_key(self) -> Item {
        let sort_key = match self {
            Self::AuthorizedVehicles | Self::ClaimCertificates => None,
            Self::ProvisionedVehicles => Some(provisioned_vehicles::CERTIFICATE_ID),
            Self::ProvisioningAttempts => Some(provisioning_attempts::ATTEMPT_ID),
            Self::OperatorActions => Some(operator_actions::RECEIPT_ID),
        };
        let attributes = std::iter::once(self.partition_key()).chain(sort_key);
        attributes.map(|name| (name.to_owned(), NOBODY.into())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_beside_a_function_is_in_its_partition_region_and_account() {
        let arn = ProbeTargets::certificate_arn_beside(
            "arn:aws-cn:lambda:cn-north-1:123456789012:function:cms-pre-provisioning-hook",
        );
        assert_eq!(arn, format!("arn:aws-cn:iot:cn-north-1:123456789012:cert/{}", "0".repeat(64)));
    }
}
