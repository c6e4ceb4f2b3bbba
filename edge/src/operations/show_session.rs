use aws::Transport;
use shared::api::Session;

use crate::{Deployment, Operator};

/// Who is signed in, and what this deployment is.
pub(crate) fn show_session<T: Transport>(deployment: &Deployment<T>, operator: &Operator) -> Session {
    Session {
        operator: operator.name().to_owned(),
        region: deployment.aws.region.clone(),
        provisioning_template: deployment.provisioning_template.clone(),
        vin_pattern: deployment.vin_pattern.to_string(),
    }
}
