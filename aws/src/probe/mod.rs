//! Trying whether a role may make a kind of call, without changing anything.
//!
//! Reads are made. Writes have a condition that nothing can meet, or are about something that cannot exist: AWS decides
//! whether a call is permitted before it looks at either, so an answer that complains of them proves the permission.

mod answer;
mod console;
mod targets;

pub use answer::{ProbeOutcome, Probed};
pub use console::CONSOLE_NEEDS;
pub use targets::{ProbeTargets, ProbedTable};

use std::collections::BTreeMap;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::dynamodb::{
    Query, Update, Write, batch_get_item, describe_table, get_item, put_item, query, scan, transact_write_items,
    update_item,
};
use crate::iot::{self, AttributeChange, RequestedStatus};
use crate::{Aws, AwsError, AwsErrorCause, Service, Transport, lambda, secrets_manager};

/// No row can both be there and not be there.
const NEVER: &str = "attribute_exists({key}) AND attribute_not_exists({key})";

/// A policy's name that nobody gives.
const NO_POLICY: &str = "self-check-no-such-policy";

/// A version that no secret has.
const NO_VERSION: &str = "00000000000000000000000000000000";

/// A kind of call that a role needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// GetItem.
    GetItem(ProbedTable),
    /// BatchGetItem.
    BatchGetItem(ProbedTable),
    /// Query of the table itself.
    Query(ProbedTable),
    /// Query of an index.
    QueryIndex(ProbedTable, &'static str),
    /// Scan.
    Scan(ProbedTable),
    /// DescribeTable.
    DescribeTable(ProbedTable),
    /// PutItem.
    PutItem(ProbedTable),
    /// UpdateItem.
    UpdateItem(ProbedTable),
    /// ConditionCheckItem, within a transaction.
    ConditionCheckItem(ProbedTable),
    /// DescribeCertificate.
    DescribeCertificate,
    /// UpdateCertificate.
    UpdateCertificate,
    /// DeleteCertificate.
    DeleteCertificate,
    /// RegisterCertificateWithoutCA.
    RegisterCertificateWithoutCa,
    /// CreateCertificateFromCsr.
    CreateCertificateFromCsr,
    /// AttachPolicy.
    AttachPolicy,
    /// DetachPolicy.
    DetachPolicy,
    /// ListAttachedPolicies.
    ListAttachedPolicies,
    /// ListTargetsForPolicy of the claim policy.
    ListTargetsForPolicy,
    /// ListPrincipalThings.
    ListPrincipalThings,
    /// AttachThingPrincipal.
    AttachThingPrincipal,
    /// DetachThingPrincipal.
    DetachThingPrincipal,
    /// DescribeThing.
    DescribeThing,
    /// UpdateThing.
    UpdateThing,
    /// DescribeProvisioningTemplate.
    DescribeProvisioningTemplate,
    /// DescribeEventConfigurations.
    DescribeEventConfigurations,
    /// ListCACertificates.
    ListCaCertificates,
    /// GetRegistrationCode.
    GetRegistrationCode,
    /// GetConnection.
    GetConnection,
    /// DeleteConnection.
    DeleteConnection,
    /// DescribeSecret of the claim secret.
    DescribeSecret,
    /// GetSecretValue of the claim secret.
    GetSecretValue,
    /// PutSecretValue.
    PutSecretValue,
    /// UpdateSecretVersionStage.
    UpdateSecretVersionStage,
    /// ListSecrets.
    ListSecrets,
    /// RotateSecret.
    RotateSecret,
    /// CancelRotateSecret.
    CancelRotateSecret,
    /// Invoke of the function that claims are rotated with.
    InvokeRotateClaim,
    /// Invoke of the function that makes claims.
    InvokeClaims,
}

/// Tries one kind of call.
pub async fn probe<T: Transport>(aws: &Aws<T>, targets: &ProbeTargets, probe: Probe) -> Probed {
    let call = targets.name_of(probe);
    let outcome = match attempt(aws, targets, probe).await {
        Ok(()) => ProbeOutcome::Permitted,
        Err(error) => answer::outcome_of(probe, error),
    };
    Probed { call, outcome }
}

async fn attempt<T: Transport>(aws: &Aws<T>, targets: &ProbeTargets, probe: Probe) -> Result<(), AwsError> {
    let table = |table: ProbedTable| table.name_in(&targets.tables);
    let never = |table: ProbedTable| NEVER.replace("{key}", table.partition_key());
    let id = targets::no_certificate();
    let thing = targets::NO_THING;
    let arn = targets.certificate_arn.as_str();
    match probe {
        Probe::GetItem(of) => get_item(aws, table(of), of.no_key()).await.map(drop),
        Probe::BatchGetItem(of) => batch_get_item(aws, table(of), vec![of.no_key()]).await.map(drop),
        Probe::Query(of) => query(aws, in_partition(table(of), None, of.partition_key())).await.map(drop),
        Probe::QueryIndex(of, index) => {
            query(aws, in_partition(table(of), Some(index), of.partition_of(index))).await.map(drop)
        }
        Probe::Scan(of) => scan(aws, table(of), 1, None).await.map(drop),
        Probe::DescribeTable(of) => describe_table(aws, table(of)).await.map(drop),
        Probe::PutItem(of) => put_item(aws, table(of), of.no_key(), Some(&never(of))).await,
        Probe::UpdateItem(of) => update_item(aws, &no_update(table(of), of).when(never(of))).await,
        Probe::ConditionCheckItem(of) => {
            let check = Update::of(table(of), of.no_key()).when(never(of));
            transact_write_items(aws, &[Write::ConditionCheck(check)]).await
        }
        Probe::DescribeCertificate => iot::describe_certificate(aws, &id).await.map(drop),
        Probe::UpdateCertificate => iot::update_certificate(aws, &id, RequestedStatus::Inactive).await,
        Probe::DeleteCertificate => iot::delete_certificate(aws, &id).await,
        Probe::RegisterCertificateWithoutCa => iot::register_certificate_without_ca(aws, "no certificate").await,
        Probe::CreateCertificateFromCsr => iot::create_certificate_from_csr(aws, "no request").await.map(drop),
        Probe::AttachPolicy => iot::attach_policy(aws, NO_POLICY, arn).await,
        Probe::DetachPolicy => iot::detach_policy(aws, NO_POLICY, arn).await,
        Probe::ListAttachedPolicies => iot::list_attached_policies(aws, arn).await.map(drop),
        Probe::ListTargetsForPolicy => {
            iot::list_targets_for_policy(aws, given(&targets.claim_policy, "CLAIM_POLICY_NAME")?).await.map(drop)
        }
        Probe::ListPrincipalThings => iot::list_principal_things(aws, arn).await.map(drop),
        Probe::AttachThingPrincipal => iot::attach_thing_principal(aws, thing, arn).await,
        Probe::DetachThingPrincipal => iot::detach_thing_principal(aws, thing, arn).await,
        Probe::DescribeThing => iot::describe_thing(aws, thing).await.map(drop),
        Probe::UpdateThing => {
            iot::update_thing(aws, thing, None, Some((&BTreeMap::new(), AttributeChange::Merge))).await
        }
        Probe::DescribeProvisioningTemplate => {
            let template = given(&targets.provisioning_template, "PROVISIONING_TEMPLATE_NAME")?;
            iot::describe_provisioning_template(aws, template).await.map(drop)
        }
        Probe::DescribeEventConfigurations => iot::thing_events_are_on(aws).await.map(drop),
        Probe::ListCaCertificates => iot::list_ca_certificates(aws).await.map(drop),
        Probe::GetRegistrationCode => iot::registration_code(aws).await.map(drop),
        Probe::GetConnection => iot::get_connection(aws, thing).await.map(drop),
        Probe::DeleteConnection => iot::delete_connection(aws, thing).await,
        Probe::DescribeSecret => secrets_manager::describe_secret(aws, secret(targets)?).await.map(drop),
        Probe::GetSecretValue => secrets_manager::get_secret_value(aws, secret(targets)?).await.map(drop),
        Probe::PutSecretValue => {
            secrets_manager::put_pending_version(aws, &no_secret(targets)?, NO_VERSION, "{}").await
        }
        Probe::UpdateSecretVersionStage => {
            secrets_manager::make_version_current(aws, &no_secret(targets)?, NO_VERSION, None).await
        }
        Probe::ListSecrets => secrets_manager::list_secrets(aws, &no_secret(targets)?).await.map(drop),
        Probe::RotateSecret => secrets_manager::rotate_secret(aws, &no_secret(targets)?, NO_VERSION).await,
        Probe::CancelRotateSecret => secrets_manager::cancel_rotation(aws, &no_secret(targets)?).await,
        Probe::InvokeRotateClaim => {
            let function = given(&targets.rotate_claim_function, "ROTATE_CLAIM_FUNCTION_ARN")?;
            // An ARN has colons, which a path does not take as they are.
            lambda::may_invoke(aws, &utf8_percent_encode(function, NON_ALPHANUMERIC).to_string()).await
        }
        Probe::InvokeClaims => lambda::may_invoke(aws, given(&targets.claims_function, "CLAIMS_FUNCTION_NAME")?).await,
    }
}

fn in_partition<'a>(table: &'a str, index: Option<&'a str>, attribute: &'a str) -> Query<'a> {
    let partition = (attribute, targets::NOBODY);
    Query { table, index, partition, sort: None, descending: false, limit: Some(1), start: None }
}

fn no_update(table: &str, of: ProbedTable) -> Update {
    Update::of(table, of.no_key()).set("SET self_check = :nothing").value(":nothing", "-")
}

fn given<'a>(value: &'a Option<String>, setting: &str) -> Result<&'a str, AwsError> {
    value.as_deref().ok_or_else(|| AwsError {
        service: Service::Lambda,
        operation: "Invoke",
        cause: AwsErrorCause::Request(format!("the setting {setting} is missing")),
    })
}

fn secret(targets: &ProbeTargets) -> Result<&str, AwsError> {
    given(&targets.claim_secret, "CLAIM_SECRET_NAME")
}

/// The secret of a claim that has a name which no claim can have.
fn no_secret(targets: &ProbeTargets) -> Result<String, AwsError> {
    Ok(format!("{}/SELF-CHECK", secret(targets)?))
}
