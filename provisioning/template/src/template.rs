//! Reading a template.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::expression::{Expression, Mappings, wrong};
use crate::plan::{AttributeOverride, GroupsOverride, PlannedStatus, TypeOverride};
use crate::{TemplateProblem, limits};

/// The parameter that AWS IoT itself gives a value: the id of the certificate that is registered.
pub const CERTIFICATE_ID_PARAMETER: &str = "AWS::IoT::Certificate::Id";

/// The most characters a template's body has.
pub const LONGEST_TEMPLATE: usize = 10_240;

const THING: &str = "AWS::IoT::Thing";
const CERTIFICATE: &str = "AWS::IoT::Certificate";
const POLICY: &str = "AWS::IoT::Policy";

/// A fleet provisioning template that AWS IoT would take: what is registered for a vehicle, in terms of its parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct ProvisioningTemplate {
    pub(crate) defaults: BTreeMap<String, String>,
    declared: BTreeSet<String>,
    pub(crate) mappings: Mappings,
    pub(crate) thing: Thing,
    pub(crate) certificate_status: PlannedStatus,
    pub(crate) policies: Vec<Policy>,
    pub(crate) device_configuration: BTreeMap<String, Expression>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Thing {
    pub name: Expression,
    pub thing_type: Option<Expression>,
    pub attributes: BTreeMap<String, Expression>,
    pub groups: Option<Expression>,
    pub billing_group: Option<Expression>,
    pub package_versions: BTreeMap<String, Expression>,
    pub attribute_override: AttributeOverride,
    pub type_override: TypeOverride,
    pub groups_override: GroupsOverride,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Policy {
    Named(Expression),
    Document(Expression),
}

impl ProvisioningTemplate {
    /// Reads a template's body.
    pub fn parse(body: &str) -> Result<Self, TemplateProblem> {
        let characters = body.chars().count();
        if characters > LONGEST_TEMPLATE {
            return Err(TemplateProblem::TooLong { characters, limit: LONGEST_TEMPLATE });
        }
        let value: Value =
            serde_json::from_str(body).map_err(|error| TemplateProblem::NotJson { problem: error.to_string() })?;
        let root = object(&value, "The template")?;
        only(root, "The template", &["Parameters", "Mappings", "Resources", "DeviceConfiguration"])?;
        let (mut declared, defaults) = parameters(root.get("Parameters"))?;
        declared.insert(CERTIFICATE_ID_PARAMETER.to_owned());
        let resources = root
            .get("Resources")
            .ok_or_else(|| TemplateProblem::MissingKey { at: "The template".to_owned(), key: "Resources" })?;
        let resources = object(resources, "Resources")?;
        let mut read = Resources::default();
        for (name, resource) in resources {
            read.add(resources, &format!("Resources.{name}"), resource, &declared)?;
        }
        Ok(ProvisioningTemplate {
            thing: exactly_one(THING, read.things)?,
            certificate_status: exactly_one(CERTIFICATE, read.certificates)?,
            policies: read.policies,
            mappings: mappings(root.get("Mappings"))?,
            device_configuration: device_configuration(root.get("DeviceConfiguration"), &declared)?,
            defaults,
            declared,
        })
    }

    /// The parameters that a vehicle has to send, because the template has no value for them: all but the certificate's id.
    pub fn required_parameters(&self) -> impl Iterator<Item = &str> {
        let needed = |name: &&String| !self.defaults.contains_key(*name) && *name != CERTIFICATE_ID_PARAMETER;
        self.declared.iter().filter(needed).map(String::as_str)
    }
}

#[derive(Default)]
struct Resources {
    things: Vec<Thing>,
    certificates: Vec<PlannedStatus>,
    policies: Vec<Policy>,
}

impl Resources {
    fn add(
        &mut self,
        all: &Map<String, Value>,
        at: &str,
        resource: &Value,
        declared: &BTreeSet<String>,
    ) -> Result<(), TemplateProblem> {
        let resource = object(resource, at)?;
        only(resource, at, &["Type", "Properties", "OverrideSettings", "DependsOn"])?;
        depends_on(all, at, resource)?;
        let kind = resource.get("Type").and_then(Value::as_str);
        let kind = kind.ok_or_else(|| TemplateProblem::MissingKey { at: at.to_owned(), key: "Type" })?;
        let properties = resource.get("Properties");
        let properties =
            properties.ok_or_else(|| TemplateProblem::MissingKey { at: at.to_owned(), key: "Properties" })?;
        let place = format!("{at}.Properties");
        let properties = object(properties, &place)?;
        let overrides = overrides(resource, at)?;
        match kind {
            THING => self.things.push(thing(properties, &place, &overrides, declared)?),
            CERTIFICATE => self.certificates.push(certificate(properties, &place, &overrides, declared)?),
            POLICY => {
                only(&overrides.settings, &overrides.at, &[])?;
                self.policies.push(policy(properties, &place, declared)?);
            }
            other => {
                return Err(TemplateProblem::UnknownWord {
                    at: format!("{at}.Type"),
                    value: other.to_owned(),
                    known: "AWS::IoT::Thing, AWS::IoT::Certificate, AWS::IoT::Policy",
                });
            }
        }
        Ok(())
    }
}

/// AWS IoT makes what is needed in its own order; a dependency must still name something.
fn depends_on(all: &Map<String, Value>, at: &str, resource: &Map<String, Value>) -> Result<(), TemplateProblem> {
    const WANTED: &str = "the name of a resource, or a list of such names";
    let at = format!("{at}.DependsOn");
    let names = match resource.get("DependsOn") {
        None => return Ok(()),
        Some(Value::Array(names)) => names.iter().collect(),
        Some(name) => vec![name],
    };
    for name in names {
        let name = name.as_str().ok_or_else(|| wrong(&at, WANTED))?;
        if !all.contains_key(name) {
            return Err(TemplateProblem::UnknownResource { at, name: name.to_owned() });
        }
    }
    Ok(())
}

struct Overrides {
    at: String,
    settings: Map<String, Value>,
}

fn overrides(resource: &Map<String, Value>, at: &str) -> Result<Overrides, TemplateProblem> {
    let at = format!("{at}.OverrideSettings");
    let settings = match resource.get("OverrideSettings") {
        None => Map::new(),
        Some(settings) => object(settings, &at)?.clone(),
    };
    Ok(Overrides { at, settings })
}

impl Overrides {
    /// What is to be done about `property` of something that exists already. AWS IoT fails where nothing is said.
    fn of<T: Copy>(
        &self,
        property: &str,
        words: &[(&str, T)],
        known: &'static str,
    ) -> Result<Option<T>, TemplateProblem> {
        let Some(value) = self.settings.get(property) else { return Ok(None) };
        let at = format!("{}.{property}", self.at);
        let word = value.as_str().ok_or_else(|| wrong(&at, "one word in quotes"))?;
        let found = words.iter().find(|(known, _)| *known == word);
        found.map(|(_, meaning)| Some(*meaning)).ok_or_else(|| TemplateProblem::UnknownWord {
            at,
            value: word.to_owned(),
            known,
        })
    }
}

fn thing(
    properties: &Map<String, Value>,
    at: &str,
    overrides: &Overrides,
    declared: &BTreeSet<String>,
) -> Result<Thing, TemplateProblem> {
    only(
        properties,
        at,
        &["ThingName", "ThingTypeName", "AttributePayload", "ThingGroups", "BillingGroup", "PackageVersions"],
    )?;
    only(&overrides.settings, &overrides.at, &["AttributePayload", "ThingTypeName", "ThingGroups"])?;
    let expression = |key: &str| {
        properties.get(key).map(|value| Expression::parse(value, &format!("{at}.{key}"), declared)).transpose()
    };
    let named = |key: &str| named_expressions(properties.get(key), &format!("{at}.{key}"), declared);
    let thing_type = expression("ThingTypeName")?;
    let attributes = named("AttributePayload")?;
    limits::attribute_count(attributes.len(), thing_type.is_some())?;
    for name in attributes.keys() {
        limits::attribute_name(&format!("{at}.AttributePayload"), name)?;
    }
    Ok(Thing {
        name: expression("ThingName")?
            .ok_or_else(|| TemplateProblem::MissingKey { at: at.to_owned(), key: "ThingName" })?,
        thing_type,
        attributes,
        groups: expression("ThingGroups")?,
        billing_group: expression("BillingGroup")?,
        package_versions: named("PackageVersions")?,
        attribute_override: overrides
            .of("AttributePayload", &AttributeOverride::WORDS, "MERGE, REPLACE, DO_NOTHING, FAIL")?
            .unwrap_or(AttributeOverride::Fail),
        type_override: overrides
            .of("ThingTypeName", &TypeOverride::WORDS, "REPLACE, DO_NOTHING, FAIL")?
            .unwrap_or(TypeOverride::Fail),
        groups_override: overrides
            .of("ThingGroups", &GroupsOverride::WORDS, "MERGE, REPLACE, DO_NOTHING, FAIL")?
            .unwrap_or(GroupsOverride::Fail),
    })
}

fn certificate(
    properties: &Map<String, Value>,
    at: &str,
    overrides: &Overrides,
    declared: &BTreeSet<String>,
) -> Result<PlannedStatus, TemplateProblem> {
    // A signing request or a certificate's text are for other kinds of templates.
    only(properties, at, &["CertificateId", "Status"])?;
    only(&overrides.settings, &overrides.at, &["Status"])?;
    const STATUS_WORDS: &str = "REPLACE, DO_NOTHING, FAIL";
    overrides.of("Status", &[("REPLACE", ()), ("DO_NOTHING", ()), ("FAIL", ())], STATUS_WORDS)?;
    let id = properties
        .get("CertificateId")
        .ok_or_else(|| TemplateProblem::MissingKey { at: at.to_owned(), key: "CertificateId" })?;
    let place = format!("{at}.CertificateId");
    if !Expression::parse(id, &place, declared)?.is_reference_to(CERTIFICATE_ID_PARAMETER) {
        return Err(TemplateProblem::OtherCertificate { at: place });
    }
    let status =
        properties.get("Status").ok_or_else(|| TemplateProblem::MissingKey { at: at.to_owned(), key: "Status" })?;
    let place = format!("{at}.Status");
    let status = Expression::parse(status, &place, declared)?;
    let word = status.literal_text().ok_or_else(|| wrong(&place, "\"Active\" or \"Inactive\", written out"))?;
    PlannedStatus::from_word(word).ok_or_else(|| TemplateProblem::UnknownWord {
        at: place,
        value: word.to_owned(),
        known: "Active, Inactive",
    })
}

fn policy(properties: &Map<String, Value>, at: &str, declared: &BTreeSet<String>) -> Result<Policy, TemplateProblem> {
    only(properties, at, &["PolicyName", "PolicyDocument"])?;
    let expression = |key: &str, value| Expression::parse(value, &format!("{at}.{key}"), declared);
    match (properties.get("PolicyName"), properties.get("PolicyDocument")) {
        (Some(_), Some(_)) => Err(TemplateProblem::PolicyTwice { at: at.to_owned() }),
        (Some(name), None) => Ok(Policy::Named(expression("PolicyName", name)?)),
        (None, Some(document)) => Ok(Policy::Document(expression("PolicyDocument", document)?)),
        (None, None) => Err(TemplateProblem::MissingKey { at: at.to_owned(), key: "PolicyName or PolicyDocument" }),
    }
}

fn parameters(value: Option<&Value>) -> Result<(BTreeSet<String>, BTreeMap<String, String>), TemplateProblem> {
    let mut declared = BTreeSet::new();
    let mut defaults = BTreeMap::new();
    let Some(value) = value else { return Ok((declared, defaults)) };
    for (name, declaration) in object(value, "Parameters")? {
        let at = format!("Parameters.{name}");
        let declaration = object(declaration, &at)?;
        only(declaration, &at, &["Type", "Default"])?;
        match declaration.get("Type") {
            Some(Value::String(kind)) if kind == "String" => {}
            Some(_) => return Err(wrong(&format!("{at}.Type"), "\"String\"")),
            None => return Err(TemplateProblem::MissingKey { at, key: "Type" }),
        }
        if let Some(default) = declaration.get("Default") {
            let default = default.as_str().ok_or_else(|| wrong(&format!("{at}.Default"), "text in quotes"))?;
            defaults.insert(name.clone(), default.to_owned());
        }
        declared.insert(name.clone());
    }
    Ok((declared, defaults))
}

/// Mappings hold plain values: no parameters and no functions.
fn mappings(value: Option<&Value>) -> Result<Mappings, TemplateProblem> {
    let mut maps = Mappings::new();
    let Some(value) = value else { return Ok(maps) };
    for (map, keys) in object(value, "Mappings")? {
        let at = format!("Mappings.{map}");
        for (first, values) in object(keys, &at)? {
            let at = format!("{at}.{first}");
            for (second, value) in object(values, &at)? {
                let is_plain = match value {
                    Value::String(_) => true,
                    Value::Array(values) => values.iter().all(Value::is_string),
                    _ => false,
                };
                if !is_plain {
                    return Err(wrong(&format!("{at}.{second}"), "text in quotes, or a list of such"));
                }
                let keys = maps.entry(map.clone()).or_default().entry(first.clone()).or_default();
                keys.insert(second.clone(), value.clone());
            }
        }
    }
    Ok(maps)
}

fn device_configuration(
    value: Option<&Value>,
    declared: &BTreeSet<String>,
) -> Result<BTreeMap<String, Expression>, TemplateProblem> {
    named_expressions(value, "DeviceConfiguration", declared)
}

fn named_expressions(
    value: Option<&Value>,
    at: &str,
    declared: &BTreeSet<String>,
) -> Result<BTreeMap<String, Expression>, TemplateProblem> {
    let Some(value) = value else { return Ok(BTreeMap::new()) };
    let one = |(name, value): (&String, &Value)| {
        Ok((name.clone(), Expression::parse(value, &format!("{at}.{name}"), declared)?))
    };
    object(value, at)?.iter().map(one).collect()
}

fn object<'v>(value: &'v Value, at: &str) -> Result<&'v Map<String, Value>, TemplateProblem> {
    value.as_object().ok_or_else(|| wrong(at, "an object in braces"))
}

fn only(object: &Map<String, Value>, at: &str, known: &[&str]) -> Result<(), TemplateProblem> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(TemplateProblem::UnknownKey {
            at: at.to_owned(),
            key: key.clone(),
            known: if known.is_empty() { "nothing".to_owned() } else { known.join(", ") },
        }),
    }
}

fn exactly_one<T>(kind: &'static str, mut found: Vec<T>) -> Result<T, TemplateProblem> {
    let count = found.len();
    match found.pop() {
        Some(one) if count == 1 => Ok(one),
        _ => Err(TemplateProblem::NotExactlyOne { kind, count }),
    }
}
