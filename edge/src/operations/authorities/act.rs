use aws::iot::describe_ca_certificate;
use aws::{Transport, perform};
use provisioning_rules::{Effect, change_authority};
use shared::AuthorityId;
use shared::api::{ApiError, AuthorityAction, Done, Reason};

use crate::{Deployment, Operator, failure};

/// Changes what a registered authority is good for, or removes it.
pub(crate) async fn act_on_authority<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    id: &AuthorityId,
    action: AuthorityAction,
    Reason { reason }: Reason,
) -> Result<Done, ApiError> {
    let reason = Reason::checked(&reason)?;
    let described = describe_ca_certificate(&deployment.aws, id).await.map_err(failure::of_read)?;
    let described = described.ok_or_else(|| ApiError::NoSuchAuthority { authority_id: id.clone() })?;
    let effects = change_authority(id, described.active, action)?;
    deployment.log_reason(operator.name(), &format!("{} authority {id}", action.as_str()), &reason);
    let log = |effect: &Effect| deployment.log_effect(operator.name(), effect);
    let done = perform(&deployment.aws, &deployment.tables, effects, log).await.map_err(failure::of_action)?;
    Ok(Done { steps: done.steps.into_iter().map(Into::into).collect(), receipt: None })
}
