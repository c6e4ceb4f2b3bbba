//! The document of an IoT policy: what it says statement by statement, and whether it reaches into other vehicles' affairs.

use serde_json::{Map, Value};

use crate::TemplateProblem;

/// What stands for the one vehicle that is connected, and for no other.
const OWN: [&str; 4] = [
    "${iot:Connection.Thing.ThingName}",
    "${iot:Connection.Thing.Attributes[vin]}",
    "${iot:Connection.Thing.Attributes[certificate_id]}",
    "${iot:ClientId}",
];

/// The document of an IoT policy.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyDocument {
    version: String,
    statements: Vec<Map<String, Value>>,
}

/// How two documents differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PolicyDifference {
    /// Statements that only the first has, as JSON.
    pub removed: Vec<String>,
    /// Statements that only the second has, as JSON.
    pub added: Vec<String>,
    /// How many both have.
    pub unchanged: usize,
}

/// A statement that lets a vehicle do something in another vehicle's name, or hear what is another's.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, thiserror::Error)]
#[error(
    "{statement} {problem}: end the resource with the vehicle's own name, ${{iot:Connection.Thing.ThingName}}, as a whole level before any wildcard."
)]
pub struct Reach {
    /// The statement: its Sid, or its number counted from 1.
    pub statement: String,
    /// What it allows.
    pub problem: String,
}

impl PolicyDocument {
    /// Reads a document.
    pub fn parse(text: &str) -> Result<Self, TemplateProblem> {
        let invalid = |problem: String| TemplateProblem::InvalidPolicy { at: "The policy".to_owned(), problem };
        let value: Value = serde_json::from_str(text).map_err(|error| invalid(error.to_string()))?;
        let Value::Object(mut document) = value else {
            return Err(invalid("it is no object in braces".to_owned()));
        };
        if let Some(key) = document.keys().find(|key| !["Version", "Id", "Statement"].contains(&key.as_str())) {
            return Err(invalid(format!("it has {key}, and only Version, Id and Statement are known")));
        }
        let version = match document.remove("Version") {
            Some(Value::String(version)) if ["2012-10-17", "2008-10-17"].contains(&version.as_str()) => version,
            _ => return Err(invalid("its Version must be \"2012-10-17\"".to_owned())),
        };
        let statements = match document.remove("Statement") {
            Some(Value::Array(statements)) if !statements.is_empty() => statements,
            Some(one @ Value::Object(_)) => vec![one],
            _ => return Err(invalid("its Statement must be a list of statements".to_owned())),
        };
        let statements = statements.into_iter().enumerate().map(|(index, one)| {
            statement(one).map_err(|problem| invalid(format!("statement {}: {problem}", index + 1)))
        });
        Ok(PolicyDocument { version, statements: statements.collect::<Result<_, _>>()? })
    }

    /// What stands in `self` alone, and what in `proposed` alone. The order of statements, of the keys in them and of what a
    /// list names is of no account, nor whether a single one stands in a list.
    pub fn difference(&self, proposed: &Self) -> PolicyDifference {
        let said = |document: &Self| -> Vec<(Value, String)> {
            let shown = |one: &Map<String, Value>| Value::Object(one.clone()).to_string();
            document.statements.iter().map(|one| (comparable(one), shown(one))).collect()
        };
        let mut added = said(proposed);
        let mut difference = PolicyDifference::default();
        for (meaning, shown) in said(self) {
            match added.iter().position(|(other, _)| *other == meaning) {
                Some(index) => {
                    added.remove(index);
                    difference.unchanged += 1;
                }
                None => difference.removed.push(shown),
            }
        }
        difference.added = added.into_iter().map(|(_, shown)| shown).collect();
        if self.version != proposed.version {
            difference.removed.push(format!("Version {}", self.version));
            difference.added.push(format!("Version {}", proposed.version));
        }
        difference
    }

    /// The statements that let a vehicle use what is another's, as far as their wording tells: a Deny elsewhere may narrow
    /// them.
    pub fn reaches(&self) -> Vec<Reach> {
        let numbered = self.statements.iter().enumerate();
        let found = numbered.flat_map(|(index, one)| {
            let name = one.get("Sid").and_then(Value::as_str).map(|sid| format!("The statement {sid}"));
            let name = name.unwrap_or_else(|| format!("Statement {}", index + 1));
            reaches_of(one).into_iter().map(move |problem| Reach { statement: name.clone(), problem })
        });
        found.collect()
    }
}

impl PolicyDifference {
    /// Whether the two say the same.
    pub fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.added.is_empty()
    }
}

fn statement(value: Value) -> Result<Map<String, Value>, String> {
    const KNOWN: [&str; 7] = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];
    let Value::Object(statement) = value else { return Err("it is no object in braces".to_owned()) };
    if let Some(key) = statement.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(format!("it has {key}, and only {} are known", KNOWN.join(", ")));
    }
    if !matches!(statement.get("Effect").and_then(Value::as_str), Some("Allow" | "Deny")) {
        return Err("its Effect must be \"Allow\" or \"Deny\"".to_owned());
    }
    for (this, other) in [("Action", "NotAction"), ("Resource", "NotResource")] {
        let (one, is_the_only) = match (statement.get(this), statement.get(other)) {
            (Some(one), None) | (None, Some(one)) => (one, true),
            (Some(one), Some(_)) => (one, false),
            (None, None) => return Err(format!("it has no {this}")),
        };
        if !is_the_only {
            return Err(format!("it has {this} and {other}: keep one"));
        }
        if listed(one).is_none_or(|list| list.is_empty()) {
            return Err(format!("its {this} must be text in quotes, or a list of such"));
        }
    }
    Ok(statement)
}

/// A text, or the texts of a list; `None` for anything else.
fn listed(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::String(text) => Some(vec![text]),
        Value::Array(values) => values.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

/// What a statement means, without what is a matter of writing.
fn comparable(statement: &Map<String, Value>) -> Value {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Array(values) => {
                let mut values: Vec<_> = values.iter().map(sorted).collect();
                values.sort_by_key(Value::to_string);
                values.dedup();
                match <[Value; 1]>::try_from(values) {
                    Ok([one]) => one,
                    Err(values) => Value::Array(values),
                }
            }
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
                members.sort_by(|one, other| one.0.cmp(&other.0));
                Value::Object(members.into_iter().collect())
            }
            other => other.clone(),
        }
    }
    sorted(&Value::Object(statement.clone()))
}

fn reaches_of(statement: &Map<String, Value>) -> Vec<String> {
    if statement.get("Effect").and_then(Value::as_str) != Some("Allow") {
        return Vec::new();
    }
    if statement.contains_key("NotAction") || statement.contains_key("NotResource") {
        return vec!["allows everything but what it names".to_owned()];
    }
    let texts = |key: &str| statement.get(key).and_then(listed).unwrap_or_default();
    let actions = texts("Action").join(", ");
    let reaching = |resource: &&str| reaches(resource);
    let found = texts("Resource").into_iter().filter(reaching);
    found.map(|resource| format!("allows {actions} on {resource}, which another vehicle's name fits, too")).collect()
}

/// Whether a resource fits more than one vehicle's own. A topic that all vehicles share and that is written out is no
/// vehicle's own; a client id always is.
fn reaches(resource: &str) -> bool {
    // arn:partition:iot:region:account:kind/name; only the name tells vehicles apart.
    let arn = resource.splitn(6, ':').collect::<Vec<_>>();
    let [_, _, _, _, _, resource] = arn.as_slice() else { return true };
    let Some((kind, name)) = resource.split_once('/') else { return true };
    if kind.contains(['*', '?']) {
        return true;
    }
    let wildcards: &[char] = if kind == "topicfilter" { &['*', '?', '+', '#'] } else { &['*', '?'] };
    let own = OWN.iter().filter_map(|own| Some((name.find(own)?, own.len()))).min();
    match own {
        // Nothing before it may stand for other names, and it must be a whole level: Vehicle_A* fits Vehicle_AB.
        Some((start, length)) => {
            let (before, after) = (&name[..start], &name[start + length..]);
            before.contains(wildcards) || after.starts_with(wildcards)
        }
        None => matches!(kind, "client" | "thing") || name.contains(wildcards) || name.contains("Vehicle_"),
    }
}
