use aws::Transport;
use provisioning_rules::{ActionBy, open_ticket as open};
use shared::api::{ApiError, Done, OpenTicket, Reason};

use super::perform_action::perform_action;
use crate::{Deployment, Operator};

/// Opens the window in which a vehicle may be provisioned once more.
pub(crate) async fn open_ticket<T: Transport>(
    deployment: &Deployment<T>,
    operator: &Operator,
    typed_vin: &str,
    OpenTicket { reason, minutes }: OpenTicket,
) -> Result<Done, ApiError> {
    let vin = deployment.vin(typed_vin)?;
    let by = ActionBy { operator: operator.name().to_owned(), reason: Reason::checked(&reason)?, at: deployment.now() };
    perform_action(deployment, operator, &vin, async |facts| Ok(open(facts, minutes, &by)?)).await
}
