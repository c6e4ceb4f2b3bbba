use aws::iot::describe_ca_certificate;
use aws::{Transport, perform};
use provisioning_rules::{Effect, change_authority};
use shared::api::{ApiError, AuthorityAction, Done, Reason};
use shared::{AuthorityId, AuthorityRecord};

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
    let mut effects = change_authority(id, described.active, action)?;
    let record = AuthorityRecord {
        authority_id: id.clone(),
        at: deployment.now(),
        operator: operator.name().to_owned(),
        what: action.as_str().replace('-', " "),
        reason,
    };
    effects.insert(0, Effect::RecordAuthorityAction(Box::new(record)));
    let log = |effect: &Effect| deployment.log_effect(operator.name(), effect);
    let done = perform(&deployment.aws, &deployment.tables, effects, log).await.map_err(failure::of_action)?;
    Ok(Done { steps: done.steps.into_iter().map(Into::into).collect(), receipt: None })
}
