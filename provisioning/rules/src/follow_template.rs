//! What the deployed provisioning template says of one vehicle, for the certificates that do not come by claim.

use std::collections::BTreeMap;

use provisioning_template::{
    CERTIFICATE_ID_PARAMETER, PlannedPolicy, PlannedStatus, ProvisioningTemplate, RegistrationPlan, TemplateProblem,
};
use shared::{CertificateId, ThingName, Vin};

/// The parameter that every vehicle sends.
const VIN_PARAMETER: &str = "vin";

/// The registration of this certificate for this vehicle by the template, exactly as AWS IoT would do it for a vehicle that
/// came with a claim. What [`Effect::RegisterThing`](crate::Effect::RegisterThing) cannot do is refused here, before
/// anything is done.
pub fn follow_template(
    body: &str,
    vin: &Vin,
    certificate_id: &CertificateId,
) -> Result<RegistrationPlan, TemplateNotFollowed> {
    let parameters = BTreeMap::from([
        (CERTIFICATE_ID_PARAMETER.to_owned(), certificate_id.to_string()),
        (VIN_PARAMETER.to_owned(), vin.to_string()),
    ]);
    let plan = ProvisioningTemplate::parse(body)?.plan(&parameters)?;
    let unsupported = |what: &'static str| Err(TemplateNotFollowed::Unsupported { what });
    if plan.thing_name != ThingName::of(vin).as_str() {
        return Err(TemplateNotFollowed::AnotherThing { thing_name: plan.thing_name });
    }
    if plan.certificate_status != PlannedStatus::Active {
        return unsupported("a certificate that stays inactive");
    }
    if plan.policies.iter().any(|policy| matches!(policy, PlannedPolicy::Document { .. })) {
        return unsupported("a policy by its document: give the policy a name");
    }
    if plan.billing_group.is_some() {
        return unsupported("a billing group");
    }
    if plan.thing_groups.as_ref().is_some_and(|groups| !groups.is_empty()) {
        return unsupported("thing groups");
    }
    if !plan.package_versions.is_empty() {
        return unsupported("packages");
    }
    Ok(plan)
}

/// Why a template cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateNotFollowed {
    /// It is no template, or not for what a vehicle sends.
    #[error(transparent)]
    Unusable(#[from] TemplateProblem),
    /// The rest of this deployment knows a vehicle's thing by its name.
    #[error("it names the thing {thing_name}, and everything else here expects Vehicle_ and the VIN: name it so.")]
    AnotherThing {
        /// The name it gives.
        thing_name: String,
    },
    /// It asks for something that AWS IoT alone does.
    #[error(
        "it asks for {what}, which is possible only for vehicles that come by claim. Take it out, or let the vehicle come by claim."
    )]
    Unsupported {
        /// What it asks for.
        what: &'static str,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vin() -> Vin {
        "1HGCM82633A004352".to_owned().try_into().unwrap()
    }

    fn id() -> CertificateId {
        "ab".repeat(32).try_into().unwrap()
    }

    /// As the stack fills it in.
    fn deployed() -> String {
        include_str!("../../deploy/customize/provisioning-template.json")
            .replace("${ProvisioningTemplateName}", "cms--provisioning-template")
            .replace("${VehiclePolicyName}", "cms-vehicle-policy")
    }

    #[test]
    fn the_template_as_it_is_deployed_is_followed() {
        let plan = follow_template(&deployed(), &vin(), &id()).unwrap();
        assert_eq!(plan.thing_name, "Vehicle_1HGCM82633A004352");
        assert_eq!(plan.attributes["certificate_id"], id().to_string());
        assert_eq!(plan.certificate_id, id());
    }

    #[test]
    fn what_cannot_be_done_is_refused_with_what_to_do_instead() {
        let changed = |from: &str, to: &str| {
            assert!(deployed().contains(from), "the deployed template has no {from}");
            follow_template(&deployed().replacen(from, to, 1), &vin(), &id()).unwrap_err().to_string()
        };
        assert!(changed("Vehicle_", "Car_").contains("Car_1HGCM82633A004352"));
        assert!(changed("\"Status\": \"Active\"", "\"Status\": \"Inactive\"").contains("stays inactive"));
        assert!(
            changed("\"AttributePayload\": {", "\"ThingGroups\": [\"plant-7\"], \"AttributePayload\": {")
                .contains("groups")
        );
        assert!(follow_template("{", &vin(), &id()).unwrap_err().to_string().contains("not JSON"));
    }
}
