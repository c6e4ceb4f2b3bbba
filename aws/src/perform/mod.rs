//! Carrying out effects: the one place that changes anything in AWS.

mod admit;
mod authority;
mod authorize;
mod claims;
mod close_door;
mod cut_connection;
mod delete;
mod detach;
mod index_authorization;
mod open_ticket;
mod performed;
mod prove_disconnected;
mod prove_refused;
mod receipt;
mod record;
mod register_thing;

use provisioning_rules::Effect;

use crate::dynamodb::{CONDITION_FAILED, TRANSACTION_CANCELED};
use crate::iot::{RequestedStatus, attach_policy, update_certificate};
use crate::secrets_manager::make_version_current;
use crate::tables::TableNames;
use crate::{Aws, AwsError, Transport};

use performed::Proof;
pub use performed::{Performed, PerformedStep};

/// Why effects were not all carried out. Carrying out the same effects, or those decided from fresh facts, finishes them.
#[derive(Debug, thiserror::Error)]
pub enum PerformError {
    /// The facts changed since they were read. The effect that noticed did nothing; decide again from fresh facts.
    #[error("the facts changed while deciding")]
    FactsChanged {
        /// The effect that noticed, in plain words.
        attempted: String,
        /// What was done before.
        done: Performed,
    },
    /// A call failed for good.
    #[error("could not {attempted}: {source}")]
    Failed {
        /// The effect that failed.
        attempted: String,
        /// What was done before.
        done: Performed,
        /// The failed call.
        source: AwsError,
    },
}

impl PerformError {
    /// What was done before.
    pub fn done(&self) -> &Performed {
        match self {
            PerformError::FactsChanged { done, .. } | PerformError::Failed { done, .. } => done,
        }
    }
}

/// Carries out effects one after the other, in the order in which the rules put them. Each is handed to `log` before it
/// is attempted. The first that fails ends the sequence.
pub async fn perform<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    effects: Vec<Effect>,
    log: impl Fn(&Effect),
) -> Result<Performed, PerformError> {
    let mut done = Performed::default();
    for effect in effects {
        log(&effect);
        match perform_one(aws, tables, &effect).await {
            Ok(proof) => done.steps.push(PerformedStep::of(&effect, aws.now(), proof)),
            Err(error) if matches!(error.code(), Some(CONDITION_FAILED | TRANSACTION_CANCELED)) => {
                return Err(PerformError::FactsChanged { attempted: effect.to_string(), done });
            }
            Err(source) => return Err(PerformError::Failed { attempted: effect.to_string(), done, source }),
        }
    }
    Ok(done)
}

async fn perform_one<T: Transport>(aws: &Aws<T>, tables: &TableNames, effect: &Effect) -> Result<Proof, AwsError> {
    match effect {
        Effect::AdmitCertificate(admission) => admit::admit(aws, tables, admission).await?,
        Effect::RecordAttempt(attempt) => record::attempt(aws, tables, attempt).await?,
        Effect::DeletePendingCertificate(id) => return Ok(Proof::unless(delete::pending(aws, id).await?)),
        Effect::RemoveUnusedCertificate(id) => return Ok(Proof::unless(delete::unused(aws, id).await)),
        Effect::RecordRegistered(registration) => record::registered(aws, tables, registration).await?,
        Effect::RecordConnected { vin, certificate_id, at } => {
            record::connected(aws, tables, vin, certificate_id, *at).await?;
        }
        Effect::DeactivateCertificate(id) => {
            delete::unless_gone(update_certificate(aws, id, RequestedStatus::Inactive).await)?;
        }
        Effect::ActivateCertificate(id) => update_certificate(aws, id, RequestedStatus::Active).await?,
        Effect::RevokeCertificate(id) => {
            delete::unless_gone(update_certificate(aws, id, RequestedStatus::Revoked).await)?;
        }
        Effect::CutConnection(thing) => {
            return Ok(Proof::unless(cut_connection::cut_connection(aws, thing).await));
        }
        Effect::ProveDisconnected(thing) => return Ok(prove_disconnected::prove_disconnected(aws, thing).await),
        Effect::ProveRefused(id) => return Ok(prove_refused::prove_refused(aws, id).await),
        Effect::DetachCertificate(id) => detach::detach(aws, id).await?,
        Effect::DeleteCertificate(id) => delete::detached(aws, id).await?,
        Effect::RecordStatus(status) => record::status(aws, tables, status).await?,
        Effect::CloseDoor(closure) => close_door::close_door(aws, tables, closure).await?,
        Effect::OpenTicket { vin, ticket, in_place_of } => {
            open_ticket::open_ticket(aws, tables, vin, ticket, in_place_of.as_ref()).await?;
        }
        Effect::AuthorizeVehicle(authorization) => authorize::authorize(aws, tables, authorization).await?,
        Effect::RecordReceipt(receipt) => receipt::record_receipt(aws, tables, receipt).await?,
        Effect::RegisterThing(plan) => register_thing::register_thing(aws, plan).await?,
        Effect::RecordAuthorityAction(record) => authority::record(aws, tables, record).await?,
        Effect::RegisterAuthority(registration) => authority::register(aws, registration).await?,
        Effect::ChangeAuthority(id, change) => authority::change(aws, id, *change).await?,
        Effect::DeleteAuthority(id) => authority::delete(aws, id).await?,
        Effect::KeepClaimSecret { secret_id, version, text } => {
            claims::keep_secret(aws, secret_id, version, text).await?;
        }
        Effect::RecordClaim(record) => claims::record(aws, tables, record).await?,
        Effect::RegisterClaim { certificate_pem, .. } => claims::register(aws, certificate_pem).await?,
        Effect::AttachClaimPolicy { certificate_arn, policy, .. } => {
            attach_policy(aws, policy, certificate_arn).await?;
        }
        Effect::GiveUpClaimSecret { secret_id, version } => claims::give_up_secret(aws, secret_id, version).await?,
        Effect::MakeClaimSecretCurrent { id, secret_id, version, in_place_of } => {
            claims::still_in_use(aws, tables, id).await?;
            make_version_current(aws, secret_id, version, in_place_of.as_deref()).await?;
        }
        Effect::RecordClaimSuccession(succession) => claims::record_succession(aws, tables, succession).await?,
        Effect::RecordClaimEnded(end) => claims::record_ended(aws, tables, end).await?,
        Effect::IndexAuthorization(vin) => index_authorization::index_authorization(aws, tables, vin).await?,
    }
    Ok(Proof::NotNeeded)
}
