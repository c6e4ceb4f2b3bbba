//! Carrying out effects: the one place that changes anything in AWS.

mod admit;
mod authorize;
mod close_door;
mod cut_connection;
mod delete;
mod detach;
mod index_authorization;
mod open_ticket;
mod record;

use provisioning_rules::Effect;

use crate::dynamodb::{CONDITION_FAILED, TRANSACTION_CANCELED};
use crate::iot::{RequestedStatus, update_certificate};
use crate::tables::TableNames;
use crate::{Aws, AwsError, Transport};

/// What came of effects that were all carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Performed {
    /// What was done, in the order in which it was done.
    pub steps: Vec<String>,
    /// What could not be done or proven, without making the rest untrue.
    pub warnings: Vec<String>,
}

/// Why effects were not all carried out. Carrying out the same effects, or those decided from fresh facts, finishes them.
#[derive(Debug, thiserror::Error)]
pub enum PerformError {
    /// The facts changed since they were read. The effect that noticed did nothing; decide again from fresh facts.
    #[error("the facts changed while deciding")]
    FactsChanged {
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
            Ok(None) => done.steps.push(effect.to_string()),
            Ok(Some(warning)) => done.warnings.push(warning),
            Err(error) if matches!(error.code(), Some(CONDITION_FAILED | TRANSACTION_CANCELED)) => {
                return Err(PerformError::FactsChanged { done });
            }
            Err(source) => return Err(PerformError::Failed { attempted: effect.to_string(), done, source }),
        }
    }
    Ok(done)
}

/// `Some` is a warning: the effect could not be carried out, and the rest stands without it.
async fn perform_one<T: Transport>(
    aws: &Aws<T>,
    tables: &TableNames,
    effect: &Effect,
) -> Result<Option<String>, AwsError> {
    match effect {
        Effect::AdmitCertificate(admission) => admit::admit(aws, tables, admission).await?,
        Effect::RecordAttempt(attempt) => record::attempt(aws, tables, attempt).await?,
        Effect::DeletePendingCertificate(id) => return delete::pending(aws, id).await,
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
        Effect::CutConnection(thing) => return Ok(cut_connection::cut_connection(aws, thing).await),
        Effect::DetachCertificate(id) => detach::detach(aws, id).await?,
        Effect::DeleteCertificate(id) => delete::detached(aws, id).await?,
        Effect::RecordStatus(status) => record::status(aws, tables, status).await?,
        Effect::CloseDoor(closure) => close_door::close_door(aws, tables, closure).await?,
        Effect::OpenTicket { vin, ticket, in_place_of } => {
            open_ticket::open_ticket(aws, tables, vin, ticket, in_place_of.as_ref()).await?;
        }
        Effect::AuthorizeVehicle(authorization) => authorize::authorize(aws, tables, authorization).await?,
        Effect::IndexAuthorization(vin) => index_authorization::index_authorization(aws, tables, vin).await?,
    }
    Ok(None)
}
