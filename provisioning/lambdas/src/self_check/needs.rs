use aws::Probe::{self, *};
use aws::ProbedTable::{
    AuthorizedVehicles, ClaimCertificates, OperatorActions, ProvisionedVehicles, ProvisioningAttempts,
};
use aws::tables::{
    authorized_vehicles::{EXPECTED_CLAIM_INDEX, SHARD_INDEX},
    provisioned_vehicles::STATUS_INDEX,
};

/// The kinds of calls that a function makes, but for those that cannot be tried without an effect.
pub fn needs(function: &str) -> Vec<Probe> {
    match function {
        "pre-provisioning-hook" => {
            [&ADMIT[..], &SEEN_LATE, &[GetItem(ClaimCertificates), DescribeCertificate, DeleteCertificate]].concat()
        }
        "thing-registered" | "vehicle-connected" => SETTLE.to_vec(),
        "certificate-registered" => [&ADMIT[..], &SETTLE, &REGISTER, &[Query(OperatorActions)]].concat(),
        "index-authorized-vehicle" => vec![UpdateItem(AuthorizedVehicles)],
        "deployment" => [&CLAIM_RECORDS[..], &CLAIM_CERTIFICATE, &DEPLOYMENT].concat(),
        "rotate-claim" => [&CLAIM_RECORDS[..], &CLAIM_CERTIFICATE, &ROTATE].concat(),
        "claims" => [&CLAIM_RECORDS[..], &CLAIM_CERTIFICATE, &ROTATE, &[RotateSecret, InvokeRotateClaim]].concat(),
        "housekeeping" => HOUSEKEEPING.to_vec(),
        _ => Vec::new(),
    }
}

/// Deciding about a vehicle and admitting it.
const ADMIT: [Probe; 7] = [
    GetItem(AuthorizedVehicles),
    UpdateItem(AuthorizedVehicles),
    Query(ProvisionedVehicles),
    PutItem(ProvisionedVehicles),
    ConditionCheckItem(ProvisionedVehicles),
    GetItem(ProvisioningAttempts),
    PutItem(ProvisioningAttempts),
];

/// Recording a registration whose event was late or lost, before the next one is admitted.
const SEEN_LATE: [Probe; 2] = [ConditionCheckItem(AuthorizedVehicles), UpdateItem(ProvisionedVehicles)];

/// Settling a vehicle on its new certificate.
const SETTLE: [Probe; 12] = [
    GetItem(AuthorizedVehicles),
    UpdateItem(AuthorizedVehicles),
    ConditionCheckItem(AuthorizedVehicles),
    Query(ProvisionedVehicles),
    UpdateItem(ProvisionedVehicles),
    DescribeCertificate,
    UpdateCertificate,
    DeleteCertificate,
    DetachPolicy,
    ListAttachedPolicies,
    ListPrincipalThings,
    DetachThingPrincipal,
];

/// Registering a vehicle by the provisioning template.
const REGISTER: [Probe; 5] =
    [DescribeProvisioningTemplate, DescribeThing, UpdateThing, AttachThingPrincipal, AttachPolicy];

const CLAIM_RECORDS: [Probe; 3] = [Scan(ClaimCertificates), PutItem(ClaimCertificates), UpdateItem(ClaimCertificates)];

const CLAIM_CERTIFICATE: [Probe; 5] =
    [DescribeCertificate, UpdateCertificate, DeleteCertificate, AttachPolicy, DetachPolicy];

const ROTATE: [Probe; 8] = [
    QueryIndex(AuthorizedVehicles, EXPECTED_CLAIM_INDEX),
    RegisterCertificateWithoutCa,
    ListAttachedPolicies,
    ListPrincipalThings,
    DescribeSecret,
    GetSecretValue,
    PutSecretValue,
    UpdateSecretVersionStage,
];

const DEPLOYMENT: [Probe; 10] = [
    ListTargetsForPolicy,
    ListAttachedPolicies,
    ListPrincipalThings,
    ListSecrets,
    DescribeSecret,
    GetSecretValue,
    UpdateSecretVersionStage,
    RotateSecret,
    CancelRotateSecret,
    InvokeRotateClaim,
];

const HOUSEKEEPING: [Probe; 13] = [
    Scan(ClaimCertificates),
    UpdateItem(ClaimCertificates),
    QueryIndex(AuthorizedVehicles, EXPECTED_CLAIM_INDEX),
    QueryIndex(AuthorizedVehicles, SHARD_INDEX),
    QueryIndex(ProvisionedVehicles, STATUS_INDEX),
    UpdateItem(ProvisionedVehicles),
    DescribeCertificate,
    UpdateCertificate,
    DeleteCertificate,
    DetachPolicy,
    ListAttachedPolicies,
    ListPrincipalThings,
    DetachThingPrincipal,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What is done in the role's name by AWS, and what cannot be asked for without an effect: a message, a log line, a
    /// thing, a key, a secret, a switch that may be off on purpose, a network interface.
    const NOT_TRIED: [&str; 14] = [
        "logs:",
        "kms:",
        "ec2:",
        "sqs:SendMessage",
        "iot:CreateThing",
        "iot:CreateKeysAndCertificate",
        "iot:UpdateEventConfigurations",
        "secretsmanager:CreateSecret",
        "secretsmanager:DeleteSecret",
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
        "cloudwatch:",
    ];

    /// The role in the stack's template, and the shared policies of ours that it has.
    const ROLES: [(&str, &[&str]); 9] = [
        ("pre-provisioning-hook", &["PreProvisioningHookRole"]),
        ("thing-registered", &["ThingRegisteredRole", "SettleVehicles"]),
        ("vehicle-connected", &["VehicleConnectedRole", "SettleVehicles"]),
        ("certificate-registered", &["CertificateRegisteredRole", "SettleVehicles", "RegisterVehicles"]),
        ("index-authorized-vehicle", &["IndexAuthorizedVehicleRole"]),
        ("deployment", &["DeploymentRole"]),
        ("rotate-claim", &["RotateClaimRole", "RotateClaims"]),
        ("claims", &["ClaimsRole", "RotateClaims"]),
        ("housekeeping", &["HousekeepingRole"]),
    ];

    /// The actions that a resource of the template allows.
    fn actions_in(resource: &str) -> BTreeSet<String> {
        let template = include_str!("../../../deploy/template.yaml");
        let (_, rest) = template.split_once(&format!("\n  {resource}:\n")).expect("the resource");
        let block: Vec<&str> = rest
            .lines()
            .take_while(|line| line.is_empty() || line.starts_with("   ") || line.starts_with("  #"))
            .collect();
        let quoted = block
            .iter()
            .filter(|line| !line.contains("AssumeRole"))
            .flat_map(|line| line.split('"').skip(1).step_by(2));
        let is_action = |text: &&str| {
            text.split_once(':').is_some_and(|(service, action)| {
                service.chars().all(|letter| letter.is_ascii_alphanumeric())
                    && action.chars().next().is_some_and(|first| first.is_ascii_uppercase())
                    && action.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '*')
            })
        };
        quoted.filter(is_action).map(str::to_owned).collect()
    }

    #[test]
    fn a_function_tries_exactly_what_its_role_allows_and_can_be_tried() {
        for (function, resources) in ROLES {
            let allowed: BTreeSet<String> = resources.iter().flat_map(|resource| actions_in(resource)).collect();
            let can_be_tried: BTreeSet<String> = allowed
                .into_iter()
                .filter(|action| {
                    !NOT_TRIED.iter().any(|not| action == not || not.ends_with(':') && action.starts_with(not))
                })
                .collect();
            let tried: BTreeSet<String> = needs(function).iter().map(|probe| probe.action()).collect();
            assert_eq!(tried, can_be_tried, "{function}");
            assert!(!tried.is_empty(), "{function}");
        }
    }
}
