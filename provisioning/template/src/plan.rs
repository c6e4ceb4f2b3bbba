//! What a template would register for one vehicle.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use shared::CertificateId;

use crate::expression::{Expression, Known, wrong};
use crate::template::{CERTIFICATE_ID_PARAMETER, Policy, ProvisioningTemplate};
use crate::{PolicyDocument, TemplateProblem, limits};

/// Everything that registering one vehicle comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationPlan {
    /// The thing that is made or changed.
    pub thing_name: String,
    /// Its thing type, which must exist.
    pub thing_type: Option<String>,
    /// Its attributes. An attribute with an empty value is removed from a thing that has it.
    pub attributes: BTreeMap<String, String>,
    /// Its billing group, which must exist.
    pub billing_group: Option<String>,
    /// The groups it is put into, which must exist. `None` where the template does not speak of groups.
    pub thing_groups: Option<Vec<String>>,
    /// The packages it is said to run, with their versions.
    pub package_versions: BTreeMap<String, String>,
    /// The certificate that is attached to it.
    pub certificate_id: CertificateId,
    /// The status that the certificate gets.
    pub certificate_status: PlannedStatus,
    /// The policies that the certificate gets.
    pub policies: Vec<PlannedPolicy>,
    /// What is done about the attributes of a thing that exists.
    pub attribute_override: AttributeOverride,
    /// What is done about the type of a thing that exists.
    pub thing_type_override: TypeOverride,
    /// What is done about the groups of a thing that exists.
    pub groups_override: GroupsOverride,
    /// What the vehicle is sent in the answer: texts, numbers and truth values, as JSON.
    pub device_configuration: BTreeMap<String, Value>,
}

/// The status that a template gives to a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PlannedStatus {
    /// The vehicle can connect with it.
    Active,
    /// It cannot yet.
    Inactive,
}

/// A policy that the certificate gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlannedPolicy {
    /// One that exists, by its name.
    Named(String),
    /// One that is made unless it exists.
    Document {
        /// Its name: the SHA-256 of its document in hexadecimal digits.
        name: String,
        /// Its document as JSON. A document that is an object in the template is written without white space.
        document: String,
    },
}

/// What is done about the attributes of a thing that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AttributeOverride {
    /// The template's are added, and win over those of the same name.
    Merge,
    /// The template's take the place of all others.
    Replace,
    /// They stay.
    DoNothing,
    /// The registration fails if they differ.
    Fail,
}

/// What is done about the type of a thing that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TypeOverride {
    /// It becomes the template's.
    Replace,
    /// It stays.
    DoNothing,
    /// The registration fails if it differs.
    Fail,
}

/// What is done about the groups of a thing that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GroupsOverride {
    /// It joins those of the template.
    Merge,
    /// It joins those of the template and leaves all others.
    Replace,
    /// They stay.
    DoNothing,
    /// The registration fails if they differ.
    Fail,
}

impl AttributeOverride {
    pub(crate) const WORDS: [(&str, Self); 4] =
        [("MERGE", Self::Merge), ("REPLACE", Self::Replace), ("DO_NOTHING", Self::DoNothing), ("FAIL", Self::Fail)];
}

impl TypeOverride {
    pub(crate) const WORDS: [(&str, Self); 3] =
        [("REPLACE", Self::Replace), ("DO_NOTHING", Self::DoNothing), ("FAIL", Self::Fail)];
}

impl GroupsOverride {
    pub(crate) const WORDS: [(&str, Self); 4] =
        [("MERGE", Self::Merge), ("REPLACE", Self::Replace), ("DO_NOTHING", Self::DoNothing), ("FAIL", Self::Fail)];
}

impl PlannedStatus {
    /// Reads the word in whatever case, as AWS IoT does.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "active" => Some(Self::Active),
            "inactive" => Some(Self::Inactive),
            _ => None,
        }
    }
}

impl ProvisioningTemplate {
    /// What a registration with these parameters comes to. `AWS::IoT::Certificate::Id` must be among them; others than the
    /// template declares are of no effect.
    pub fn plan(&self, parameters: &BTreeMap<String, String>) -> Result<RegistrationPlan, TemplateProblem> {
        let mut values = self.defaults.clone();
        values.extend(parameters.iter().map(|(name, value)| (name.clone(), value.clone())));
        let known = &Known { parameters: &values, mappings: &self.mappings };
        let thing = &self.thing;
        let name = |expression: &Expression| limits::name(&expression.at, expression.text(known)?);
        let certificate_id = values
            .get(CERTIFICATE_ID_PARAMETER)
            .ok_or_else(|| TemplateProblem::ParameterMissing { name: CERTIFICATE_ID_PARAMETER.to_owned() })?;
        Ok(RegistrationPlan {
            thing_name: name(&thing.name)?,
            thing_type: thing.thing_type.as_ref().map(name).transpose()?,
            attributes: attributes(&thing.attributes, known)?,
            billing_group: thing.billing_group.as_ref().map(name).transpose()?,
            thing_groups: thing.groups.as_ref().map(|groups| self::groups(groups, known)).transpose()?,
            package_versions: texts(&thing.package_versions, known)?,
            certificate_id: certificate_id.clone().try_into().map_err(|_| TemplateProblem::InvalidValue {
                at: CERTIFICATE_ID_PARAMETER.to_owned(),
                value: certificate_id.chars().take(80).collect(),
                rule: "64 hexadecimal digits in lower case",
            })?,
            certificate_status: self.certificate_status,
            policies: self.policies.iter().map(|policy| planned(policy, known)).collect::<Result<_, _>>()?,
            attribute_override: thing.attribute_override,
            thing_type_override: thing.type_override,
            groups_override: thing.groups_override,
            device_configuration: device_configuration(&self.device_configuration, known)?,
        })
    }
}

fn attributes(
    attributes: &BTreeMap<String, Expression>,
    known: &Known<'_>,
) -> Result<BTreeMap<String, String>, TemplateProblem> {
    let one = |(name, value): (&String, &Expression)| {
        Ok((name.clone(), limits::attribute_value(&value.at, value.text(known)?)?))
    };
    attributes.iter().map(one).collect()
}

fn texts(
    expressions: &BTreeMap<String, Expression>,
    known: &Known<'_>,
) -> Result<BTreeMap<String, String>, TemplateProblem> {
    expressions.iter().map(|(name, value)| Ok((name.clone(), value.text(known)?))).collect()
}

fn groups(groups: &Expression, known: &Known<'_>) -> Result<Vec<String>, TemplateProblem> {
    let names = groups.texts(known)?;
    if names.len() > limits::GROUPS {
        return Err(wrong(&groups.at, "a list of at most 10 groups"));
    }
    names.into_iter().map(|name| limits::name(&groups.at, name)).collect()
}

fn device_configuration(
    expressions: &BTreeMap<String, Expression>,
    known: &Known<'_>,
) -> Result<BTreeMap<String, Value>, TemplateProblem> {
    let one = |(name, expression): (&String, &Expression)| match expression.evaluate(known)? {
        Value::Object(_) => Err(wrong(&expression.at, "no object: AWS IoT sends none inside a device configuration")),
        value => Ok((name.clone(), value)),
    };
    expressions.iter().map(one).collect()
}

fn planned(policy: &Policy, known: &Known<'_>) -> Result<PlannedPolicy, TemplateProblem> {
    match policy {
        Policy::Named(name) => Ok(PlannedPolicy::Named(limits::policy_name(&name.at, name.text(known)?)?)),
        Policy::Document(expression) => {
            let document = match expression.evaluate(known)? {
                Value::String(text) => text,
                object @ Value::Object(_) => object.to_string(),
                _ => return Err(wrong(&expression.at, "an object, or JSON in quotes")),
            };
            PolicyDocument::parse(&document).map_err(|problem| match problem {
                TemplateProblem::InvalidPolicy { problem, .. } => {
                    TemplateProblem::InvalidPolicy { at: expression.at.clone(), problem }
                }
                other => other,
            })?;
            let digest = Sha256::digest(document.as_bytes());
            let name = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            Ok(PlannedPolicy::Document { name, document })
        }
    }
}

impl RegistrationPlan {
    /// Everything in the plan by what it is: `thing name`, `attribute colour`, `policy`, and so on. What is not in the plan
    /// has no entry, so two plans are compared by comparing these.
    pub fn parts(&self) -> BTreeMap<String, String> {
        let mut parts = BTreeMap::new();
        let mut put = |what: String, value: String| parts.insert(what, value);
        put("thing name".to_owned(), self.thing_name.clone());
        put("certificate".to_owned(), format!("{} {}", self.certificate_id, word(&self.certificate_status)));
        for (name, value) in &self.attributes {
            put(format!("attribute {name}"), value.clone());
        }
        for (name, version) in &self.package_versions {
            put(format!("package {name}"), version.clone());
        }
        for (name, value) in &self.device_configuration {
            put(format!("device configuration {name}"), value.to_string());
        }
        for (number, policy) in self.policies.iter().enumerate() {
            let what = if number == 0 { "policy".to_owned() } else { format!("policy {}", number + 1) };
            put(
                what,
                match policy {
                    PlannedPolicy::Named(name) => name.clone(),
                    PlannedPolicy::Document { name, document } => format!("{name} with {document}"),
                },
            );
        }
        for (what, value) in [("thing type", &self.thing_type), ("billing group", &self.billing_group)] {
            if let Some(value) = value {
                put(what.to_owned(), value.clone());
            }
        }
        if let Some(groups) = &self.thing_groups {
            put("thing groups".to_owned(), groups.join(", "));
        }
        put("an existing thing's attributes".to_owned(), word(&self.attribute_override));
        put("an existing thing's type".to_owned(), word(&self.thing_type_override));
        put("an existing thing's groups".to_owned(), word(&self.groups_override));
        parts
    }

    /// The plan as lines, one for each of its parts.
    pub fn describe(&self) -> Vec<String> {
        self.parts().into_iter().map(|(what, value)| format!("{what}: {value}")).collect()
    }
}

/// The word that stands in templates and in JSON.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
