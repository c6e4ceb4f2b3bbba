//! What is to be taken over from a stack of the CMS provisioning module.

use std::collections::BTreeMap;
use std::fmt;

use aws::iot::{KeysAndCertificate, describe_certificate, list_targets_for_policy};
use aws::secrets_manager::{describe_secret, get_secret_value};
use aws::{Aws, Transport};
use serde::{Deserialize, Serialize};
use shared::{CertificateId, CertificateStatus};

use super::{AdoptOptions, kept};
use crate::adopt_tables::has_key;
use crate::cloudformation::{self, Resource, Stack};
use crate::{DeployError, dynamodb};

/// What is taken over, what goes, and what to know before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adoption {
    /// The stack that it is taken from.
    pub stack: String,
    /// The parameters of our template that name it.
    pub parameters: BTreeMap<String, String>,
    /// The ARNs of the claim certificates.
    pub claims: Vec<String>,
    /// The policies that these have from that stack; ours takes their place.
    pub claim_policies: Vec<String>,
    /// What stays, in plain words.
    pub stays: Vec<String>,
    /// What goes with the stack, in plain words.
    pub goes: Vec<String>,
    /// What to know before.
    pub notices: Vec<String>,
}

pub(super) async fn of<T: Transport>(
    aws: &Aws<T>,
    options: &AdoptOptions,
    stack: &Stack,
) -> Result<Adoption, DeployError> {
    let refused = |problem: String| Err(DeployError::NotAdoptable { stack: options.stack.clone(), problem });
    if !matches!(
        stack.status.as_str(),
        "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "UPDATE_ROLLBACK_COMPLETE" | "IMPORT_COMPLETE"
    ) {
        return refused(format!(
            "it is in state {}: bring it to its end in CloudFormation and repeat the command",
            stack.status
        ));
    }
    if options.stack == options.target.stack_name() || stack.outputs.contains_key("ClaimCertificatesTableName") {
        return refused("it is this project's own: `deploy up` brings it up to date".to_owned());
    }
    let resources = cloudformation::resources(aws, &stack.id).await?;
    let mut adoption = Adoption { stack: options.stack.clone(), ..Adoption::default() };
    if let Err(problem) = tables(aws, options, &resources, &mut adoption).await? {
        return refused(problem);
    }
    if let Err(problem) = template(options, &resources, &mut adoption) {
        return refused(problem);
    }
    claim(aws, options, &resources, &mut adoption).await?;
    if resources.iter().any(|resource| resource.kind == "AWS::CloudFormation::Stack") {
        adoption.notices.push(
            "Stacks nested in it go with it, and are not told to keep anything: adopt from the nested stack instead if it has \
             the tables."
                .to_owned(),
        );
    }
    adoption.notices.push(
        "Vehicles in the field keep their certificates, their things and the policies they have; what is provisioned from now \
         on has the vehicle policy of customize/."
            .to_owned(),
    );
    adoption.notices.push(
        "From the deletion of the old stack until ours is there, some minutes, no vehicle can be provisioned; it may try again \
         afterwards."
            .to_owned(),
    );
    let left = resources.iter().filter(|resource| kept::is_kept(&resource.kind));
    adoption.stays.extend(left.filter(|resource| resource.kind != "AWS::DynamoDB::Table").map(words));
    adoption.goes.extend(resources.iter().filter(|resource| !kept::is_kept(&resource.kind)).map(words));
    Ok(adoption)
}

fn words(resource: &Resource) -> String {
    format!("{} {}", resource.kind, resource.physical_id)
}

/// The tables, known by their keys.
async fn tables<T: Transport>(
    aws: &Aws<T>,
    options: &AdoptOptions,
    resources: &[Resource],
    adoption: &mut Adoption,
) -> Result<Result<(), String>, DeployError> {
    let mut described = Vec::new();
    for table in resources.iter().filter(|resource| resource.kind == "AWS::DynamoDB::Table") {
        let Some(description) = dynamodb::describe_table(aws, &table.physical_id).await? else { continue };
        described.push((table.physical_id.clone(), description));
    }
    let wanted: [(&str, &[&str], &str); 2] = [
        ("AuthorizedVehiclesTableName", &["vin"], "authorized vehicles"),
        ("ProvisionedVehiclesTableName", &["vin", "certificate_id"], "provisioned vehicles"),
    ];
    for (parameter, key, what) in wanted {
        let names: Vec<_> = described
            .iter()
            .filter(|(_, description)| has_key(description, key))
            .map(|(name, _)| name.clone())
            .collect();
        let name = match (options.parameters.get(parameter), names.as_slice()) {
            (Some(name), _) => name.clone(),
            (None, [name]) => name.clone(),
            (None, []) => {
                let key = key.join(" and ");
                return Ok(Err(format!(
                    "it has no table with the key {key}: name the stack that has the table of {what}, or the table with --set \
                     {parameter}=…"
                )));
            }
            (None, several) => {
                return Ok(Err(format!(
                    "several of its tables may be that of {what} ({}): say which with --set {parameter}=…",
                    several.join(", ")
                )));
            }
        };
        adoption.stays.push(format!("the table {name}: {what}"));
        adoption.parameters.insert(parameter.to_owned(), name);
    }
    Ok(Ok(()))
}

/// The provisioning template's name is what vehicles in the field know.
fn template(options: &AdoptOptions, resources: &[Resource], adoption: &mut Adoption) -> Result<(), String> {
    let ours = format!("{}--provisioning-template", options.target.app_unique_id);
    let names = resources.iter().filter(|resource| resource.kind == "AWS::IoT::ProvisioningTemplate");
    let names: Vec<&str> = names.map(|resource| resource.physical_id.as_str()).collect();
    match names.as_slice() {
        [] => adoption
            .notices
            .push(format!("The stack has no provisioning template: vehicles must ask for {ours} from now on.")),
        names if names.contains(&ours.as_str()) => {
            adoption.stays.push(format!("the name {ours} of the provisioning template, which is made anew"));
        }
        [theirs, ..] => {
            return Err(match theirs.strip_suffix("--provisioning-template") {
                Some(app) => format!(
                    "its vehicles ask for the provisioning template {theirs}: repeat the command with --app {app}, so that they \
                     find it"
                ),
                None => format!(
                    "its vehicles ask for the provisioning template {theirs}, and this project's templates are named \
                     <app>--provisioning-template: give the vehicles that name first"
                ),
            });
        }
    }
    Ok(())
}

/// The claim certificate and the policies that claims have.
async fn claim<T: Transport>(
    aws: &Aws<T>,
    options: &AdoptOptions,
    resources: &[Resource],
    adoption: &mut Adoption,
) -> Result<(), DeployError> {
    let name = format!("{}/cms-provisioning/provisioning-credentials", options.target.app_unique_id);
    let not_adoptable = |problem: String| DeployError::NotAdoptable { stack: options.stack.clone(), problem };
    let Some(secret) = describe_secret(aws, &name).await? else {
        adoption
            .notices
            .push(format!("There is no secret {name}: a new claim certificate is made, which plants must get."));
        return Ok(());
    };
    let value = get_secret_value(aws, &name).await?;
    let claim: KeysAndCertificate = serde_json::from_str(&value).map_err(|_| {
        not_adoptable(format!(
            "the secret {name} does not hold a claim certificate in the expected shape (certificateArn, certificateId, \
             certificatePem, keyPair): correct it, or delete it to have a new claim certificate made, and repeat the command"
        ))
    })?;
    let id = CertificateId::try_from(claim.certificate_id.clone()).map_err(|error| {
        not_adoptable(format!("the secret {name} names no certificate ({error}): correct it and repeat the command"))
    })?;
    let status = describe_certificate(aws, &id).await?.and_then(|certificate| certificate.status);
    match status {
        Some(CertificateStatus::Active) => {
            adoption.stays.push(format!("the claim certificate {id} in the secret {name}"))
        }
        status => adoption.notices.push(format!(
            "The claim certificate {id} in the secret {name} is {}: vehicles with it are refused, before and after.",
            status.map_or("not in AWS IoT".to_owned(), |status| status.to_string())
        )),
    }
    if let Some(key) = secret.kms_key_id.filter(|key| !key.ends_with("alias/aws/secretsmanager")) {
        if key.contains(":key/") {
            adoption.parameters.insert("AdoptedSecretKeyArn".to_owned(), key);
        } else {
            adoption.notices.push(format!(
                "The secret is encrypted with the key {key}: give its ARN with --set AdoptedSecretKeyArn=…, or the functions \
                 cannot read it."
            ));
        }
    }
    for policy in resources.iter().filter(|resource| resource.kind == "AWS::IoT::Policy") {
        let targets = list_targets_for_policy(aws, &policy.physical_id).await?;
        if targets.contains(&claim.certificate_arn) {
            adoption.claim_policies.push(policy.physical_id.clone());
            adoption.claims.extend(targets);
        }
    }
    adoption.claims.push(claim.certificate_arn);
    adoption.claims.sort();
    adoption.claims.dedup();
    Ok(())
}

impl fmt::Display for Adoption {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = |title: &str, lines: &[String]| -> fmt::Result {
            if lines.is_empty() {
                return Ok(());
            }
            writeln!(formatter, "{title}")?;
            lines.iter().try_for_each(|line| writeln!(formatter, "  {line}"))
        };
        list("Stays, and is used on:", &self.stays)?;
        list("Goes with the old stack:", &self.goes)?;
        list("Know before:", &self.notices)?;
        let settings: Vec<String> =
            self.parameters.iter().map(|(name, value)| format!("--set {name}={value}")).collect();
        writeln!(
            formatter,
            "To do all of it: deploy adopt --from-stack {} --carry-out\n\
             By hand: delete the old stack so that what stays is kept, and then: deploy up {}",
            self.stack,
            settings.join(" ")
        )
    }
}
