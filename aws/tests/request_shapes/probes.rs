//! What the self-check tries, call by call.

use aws::tables::TableNames;
use aws::{Probe, ProbeTargets, ProbedTable, probe};

use crate::recording::Recording;

fn targets() -> ProbeTargets {
    ProbeTargets {
        tables: TableNames {
            authorized_vehicles: "AuthorizedVehicles".to_owned(),
            provisioned_vehicles: "ProvisionedVehicles".to_owned(),
            provisioning_attempts: "ProvisioningAttempts".to_owned(),
            operator_actions: "OperatorActions".to_owned(),
            claim_certificates: "ClaimCertificates".to_owned(),
        },
        certificate_arn: ProbeTargets::certificate_arn_in("aws", "eu-west-1", "123456789012"),
        provisioning_template: Some("cms--provisioning-template".to_owned()),
        claim_policy: Some("cms-claim-policy".to_owned()),
        claim_secret: Some("cms/cms-provisioning/provisioning-credentials".to_owned()),
        rotate_claim_function: Some("arn:aws:lambda:eu-west-1:123456789012:function:cms-rotate-claim".to_owned()),
        claims_function: Some("cms-claims".to_owned()),
    }
}

pub async fn record(recording: &mut Recording) {
    let mut probes = vec![
        Probe::DescribeCertificate,
        Probe::UpdateCertificate,
        Probe::DeleteCertificate,
        Probe::RegisterCertificateWithoutCa,
        Probe::CreateCertificateFromCsr,
        Probe::AttachPolicy,
        Probe::DetachPolicy,
        Probe::ListAttachedPolicies,
        Probe::ListTargetsForPolicy,
        Probe::ListPrincipalThings,
        Probe::AttachThingPrincipal,
        Probe::DetachThingPrincipal,
        Probe::DescribeThing,
        Probe::UpdateThing,
        Probe::DescribeProvisioningTemplate,
        Probe::DescribeEventConfigurations,
        Probe::ListCaCertificates,
        Probe::GetRegistrationCode,
        Probe::GetConnection,
        Probe::DeleteConnection,
        Probe::DescribeSecret,
        Probe::GetSecretValue,
        Probe::PutSecretValue,
        Probe::UpdateSecretVersionStage,
        Probe::ListSecrets,
        Probe::RotateSecret,
        Probe::CancelRotateSecret,
        Probe::InvokeRotateClaim,
        Probe::InvokeClaims,
    ];
    for table in ProbedTable::ALL {
        probes.extend([
            Probe::GetItem(table),
            Probe::BatchGetItem(table),
            Probe::Query(table),
            Probe::Scan(table),
            Probe::DescribeTable(table),
            Probe::PutItem(table),
            Probe::UpdateItem(table),
            Probe::ConditionCheckItem(table),
        ]);
        probes.extend(table.indexes().iter().map(|index| Probe::QueryIndex(table, index)));
    }
    for one in probes {
        let aws = Recording::client();
        probe(&aws, &targets(), one).await;
        recording.keep("probe::probe", &aws);
    }
}
