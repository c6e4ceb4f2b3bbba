use std::collections::BTreeMap;

use provisioning_rules::{AttributeOverride, PlannedPolicy, RegistrationPlan, TypeOverride};

use crate::iot::{
    AttributeChange, RequestedStatus, attach_policy, attach_thing_principal, create_thing, describe_certificate,
    describe_thing, update_certificate, update_thing,
};
use crate::{Aws, AwsError, AwsErrorCause, Service, Transport};

/// The certificate becomes usable last: whatever comes in between leaves nothing that could connect, and a repeat finishes
/// it.
pub(super) async fn register_thing<T: Transport>(aws: &Aws<T>, plan: &RegistrationPlan) -> Result<(), AwsError> {
    let id = &plan.certificate_id;
    let gone = || refused("DescribeCertificate", format!("AWS IoT no longer has certificate {id}: issue a new one."));
    let certificate = describe_certificate(aws, id).await?.ok_or_else(gone)?;
    make_or_update(aws, plan).await?;
    attach_thing_principal(aws, &plan.thing_name, &certificate.arn).await?;
    for policy in &plan.policies {
        match policy {
            PlannedPolicy::Named(name) => attach_policy(aws, name, &certificate.arn).await?,
            PlannedPolicy::Document { .. } => {
                let problem = "a policy without a name can be made only by AWS IoT's own registration".to_owned();
                return Err(refused("AttachPolicy", problem));
            }
        }
    }
    update_certificate(aws, id, RequestedStatus::Active).await
}

async fn make_or_update<T: Transport>(aws: &Aws<T>, plan: &RegistrationPlan) -> Result<(), AwsError> {
    let (name, thing_type) = (&plan.thing_name, plan.thing_type.as_deref());
    // A value that is empty takes the attribute away, and from a new thing there is nothing to take.
    let of_new: BTreeMap<String, String> =
        plan.attributes.iter().filter(|(_, value)| !value.is_empty()).map(|(k, v)| (k.clone(), v.clone())).collect();
    match create_thing(aws, name, thing_type, &of_new).await {
        Err(error) if error.code() == Some("ResourceAlreadyExistsException") => {}
        result => return result,
    }
    if plan.attribute_override == AttributeOverride::Fail || plan.thing_type_override == TypeOverride::Fail {
        refuse_differences(aws, plan).await?;
    }
    let attributes = match plan.attribute_override {
        AttributeOverride::Merge => Some((&plan.attributes, AttributeChange::Merge)),
        AttributeOverride::Replace => Some((&of_new, AttributeChange::Replace)),
        AttributeOverride::DoNothing | AttributeOverride::Fail => None,
    };
    let thing_type = thing_type.filter(|_| plan.thing_type_override == TypeOverride::Replace);
    if attributes.is_none() && thing_type.is_none() {
        return Ok(());
    }
    update_thing(aws, name, thing_type, attributes).await
}

/// The template may want a thing that exists to be left alone where it differs.
async fn refuse_differences<T: Transport>(aws: &Aws<T>, plan: &RegistrationPlan) -> Result<(), AwsError> {
    let Some(thing) = describe_thing(aws, &plan.thing_name).await? else { return Ok(()) };
    let attributes = plan.attribute_override == AttributeOverride::Fail && thing.attributes != plan.attributes;
    let thing_type = plan.thing_type_override == TypeOverride::Fail
        && plan.thing_type.is_some()
        && thing.thing_type_name != plan.thing_type;
    let what = match (attributes, thing_type) {
        (false, false) => return Ok(()),
        (true, _) => "attributes",
        (false, true) => "thing type",
    };
    let problem = format!("{} exists with other {what}, and the template says to fail then.", plan.thing_name);
    Err(refused("UpdateThing", problem))
}

/// What AWS IoT's own registration would refuse, in the same form.
fn refused(operation: &'static str, message: String) -> AwsError {
    let cause = AwsErrorCause::Answer {
        status: 409,
        code: "RegistrationRefused".to_owned(),
        message,
        request_id: "-".to_owned(),
    };
    AwsError { service: Service::Iot, operation, cause }
}
