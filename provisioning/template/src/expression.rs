//! Values that a template computes: `Ref` and the functions that AWS IoT's developer guide lists for provisioning templates.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::TemplateProblem;

/// The value maps of a template's `Mappings`.
pub(crate) type Mappings = BTreeMap<String, BTreeMap<String, BTreeMap<String, Value>>>;

/// What is known when a value is computed.
pub(crate) struct Known<'a> {
    /// The value of every parameter that has one.
    pub parameters: &'a BTreeMap<String, String>,
    /// The template's maps.
    pub mappings: &'a Mappings,
}

/// A value with the place where it stands, which problems name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expression {
    pub at: String,
    node: Node,
}

#[derive(Clone, Debug, PartialEq)]
enum Node {
    /// A text, a number or a truth value.
    Literal(Value),
    List(Vec<Expression>),
    Object(BTreeMap<String, Expression>),
    Parameter(String),
    Join(Box<[Expression; 2]>),
    Select(Box<[Expression; 2]>),
    Split(Box<[Expression; 2]>),
    FindInMap(Box<[Expression; 3]>),
    Sub(Vec<Piece>, BTreeMap<String, Expression>),
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(String),
    Variable(String),
}

impl Expression {
    /// Reads a value. `declared` are the parameters that may be referred to.
    pub fn parse(value: &Value, at: &str, declared: &BTreeSet<String>) -> Result<Self, TemplateProblem> {
        let node = match value {
            Value::Null => return Err(wrong(at, "a value, not null")),
            Value::Array(values) => Node::List(list(values, at, declared)?),
            Value::Object(object) => match single(object) {
                Some(("Ref", argument)) => reference(argument, at, declared)?,
                Some((function, argument)) if function.starts_with("Fn::") => {
                    called(function, argument, &format!("{at}.{function}"), declared)?
                }
                _ => Node::Object(members(object, at, declared)?),
            },
            literal => Node::Literal(literal.clone()),
        };
        Ok(Expression { at: at.to_owned(), node })
    }

    /// Whether this is nothing but a reference to `parameter`.
    pub fn is_reference_to(&self, parameter: &str) -> bool {
        self.node == Node::Parameter(parameter.to_owned())
    }

    /// The text, where it is written as such.
    pub fn literal_text(&self) -> Option<&str> {
        match &self.node {
            Node::Literal(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// Computes the value.
    pub fn evaluate(&self, known: &Known<'_>) -> Result<Value, TemplateProblem> {
        let not = |problem: String| TemplateProblem::NotComputable { at: self.at.clone(), problem };
        Ok(match &self.node {
            Node::Literal(value) => value.clone(),
            Node::List(values) => Value::Array(values.iter().map(|one| one.evaluate(known)).collect::<Result<_, _>>()?),
            Node::Object(members) => {
                let one = |(key, value): (&String, &Expression)| Ok((key.clone(), value.evaluate(known)?));
                Value::Object(members.iter().map(one).collect::<Result<Map<_, _>, TemplateProblem>>()?)
            }
            Node::Parameter(name) => Value::String(parameter(name, known)?.to_owned()),
            Node::Join(arguments) => {
                let [delimiter, values] = &**arguments;
                Value::String(values.texts(known)?.join(&delimiter.text(known)?))
            }
            Node::Split(arguments) => {
                let [delimiter, text] = &**arguments;
                let delimiter = delimiter.text(known)?;
                if delimiter.is_empty() {
                    return Err(not("there is nothing to split at: give a delimiter".to_owned()));
                }
                let text = text.text(known)?;
                Value::Array(text.split(&delimiter).map(|part| Value::String(part.to_owned())).collect())
            }
            Node::Select(arguments) => {
                let [index, values] = &**arguments;
                let Value::Array(values) = values.evaluate(known)? else {
                    return Err(wrong(&values.at, "a list"));
                };
                let length = values.len();
                let index = index.index(known)?;
                values.into_iter().nth(index).ok_or_else(|| {
                    not(format!("there is no value number {index} among {length}, counted from 0: choose another"))
                })?
            }
            Node::FindInMap(arguments) => {
                let [map, first, second] = &**arguments;
                let (map, first, second) = (map.text(known)?, first.text(known)?, second.text(known)?);
                let found = known.mappings.get(&map).and_then(|map| map.get(&first)?.get(&second));
                found.cloned().ok_or_else(|| not(format!("Mappings has no {map} / {first} / {second}: add it")))?
            }
            Node::Sub(pieces, variables) => {
                let mut text = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Text(part) => text.push_str(part),
                        Piece::Variable(name) => match variables.get(name) {
                            Some(value) => text.push_str(&value.text(known)?),
                            None => text.push_str(parameter(name, known)?),
                        },
                    }
                }
                Value::String(text)
            }
        })
    }

    /// Computes a text.
    pub fn text(&self, known: &Known<'_>) -> Result<String, TemplateProblem> {
        match self.evaluate(known)? {
            Value::String(text) => Ok(text),
            _ => Err(wrong(&self.at, "text in quotes")),
        }
    }

    /// Computes a list of texts.
    pub fn texts(&self, known: &Known<'_>) -> Result<Vec<String>, TemplateProblem> {
        let Value::Array(values) = self.evaluate(known)? else { return Err(wrong(&self.at, "a list")) };
        let one = |value: Value| match value {
            Value::String(text) => Ok(text),
            _ => Err(wrong(&self.at, "a list of texts in quotes")),
        };
        values.into_iter().map(one).collect()
    }

    fn index(&self, known: &Known<'_>) -> Result<usize, TemplateProblem> {
        let index = match self.evaluate(known)? {
            Value::String(text) => text.parse().ok(),
            Value::Number(number) => number.as_u64().and_then(|number| usize::try_from(number).ok()),
            _ => None,
        };
        index.ok_or_else(|| wrong(&self.at, "a whole number, counted from 0"))
    }
}

fn parameter<'k>(name: &str, known: &Known<'k>) -> Result<&'k str, TemplateProblem> {
    let value = known.parameters.get(name);
    value.map(String::as_str).ok_or_else(|| TemplateProblem::ParameterMissing { name: name.to_owned() })
}

fn single(object: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut members = object.iter();
    match (members.next(), members.next()) {
        (Some((key, value)), None) => Some((key, value)),
        _ => None,
    }
}

fn list(values: &[Value], at: &str, declared: &BTreeSet<String>) -> Result<Vec<Expression>, TemplateProblem> {
    let one = |(index, value)| Expression::parse(value, &format!("{at}[{index}]"), declared);
    values.iter().enumerate().map(one).collect()
}

fn members(
    object: &Map<String, Value>,
    at: &str,
    declared: &BTreeSet<String>,
) -> Result<BTreeMap<String, Expression>, TemplateProblem> {
    if let Some(function) = object.keys().find(|key| key.starts_with("Fn::")) {
        let problem = format!("{function} stands beside other keys: give it an object of its own");
        return Err(TemplateProblem::NotComputable { at: at.to_owned(), problem });
    }
    let one = |(key, value): (&String, &Value)| {
        Ok((key.clone(), Expression::parse(value, &format!("{at}.{key}"), declared)?))
    };
    object.iter().map(one).collect()
}

fn reference(argument: &Value, at: &str, declared: &BTreeSet<String>) -> Result<Node, TemplateProblem> {
    let name = argument.as_str().ok_or_else(|| wrong(&format!("{at}.Ref"), "the name of a parameter in quotes"))?;
    check_declared(name, at, declared)?;
    Ok(Node::Parameter(name.to_owned()))
}

fn check_declared(name: &str, at: &str, declared: &BTreeSet<String>) -> Result<(), TemplateProblem> {
    if declared.contains(name) {
        return Ok(());
    }
    Err(TemplateProblem::UndeclaredParameter { at: at.to_owned(), name: name.to_owned() })
}

fn called(function: &str, argument: &Value, at: &str, declared: &BTreeSet<String>) -> Result<Node, TemplateProblem> {
    const PAIR: &str = "a list of two: the delimiter and what it is about";
    Ok(match function {
        "Fn::Join" => Node::Join(arguments(argument, at, declared, PAIR)?),
        "Fn::Split" => Node::Split(arguments(argument, at, declared, PAIR)?),
        "Fn::Select" => {
            Node::Select(arguments(argument, at, declared, "a list of two: a number counted from 0, and a list")?)
        }
        "Fn::FindInMap" => {
            Node::FindInMap(arguments(argument, at, declared, "a list of three: the map and the two keys in it")?)
        }
        "Fn::Sub" => substitution(argument, at, declared)?,
        other => {
            let place = at.strip_suffix(other).unwrap_or(at).trim_end_matches('.').to_owned();
            return Err(TemplateProblem::UnknownFunction { at: place, function: other.to_owned() });
        }
    })
}

fn arguments<const N: usize>(
    argument: &Value,
    at: &str,
    declared: &BTreeSet<String>,
    wanted: &'static str,
) -> Result<Box<[Expression; N]>, TemplateProblem> {
    let values = argument.as_array().ok_or_else(|| wrong(at, wanted))?;
    let list = list(values, at, declared)?;
    list.try_into().map(Box::new).map_err(|_| wrong(at, wanted))
}

fn substitution(argument: &Value, at: &str, declared: &BTreeSet<String>) -> Result<Node, TemplateProblem> {
    const WANTED: &str = "a text, or a list of a text and an object of variables";
    let (text, variables) = match argument {
        Value::String(text) => (text, BTreeMap::new()),
        Value::Array(both) => match both.as_slice() {
            [Value::String(text), Value::Object(variables)] => (text, members(variables, at, declared)?),
            _ => return Err(wrong(at, WANTED)),
        },
        _ => return Err(wrong(at, WANTED)),
    };
    let pieces = pieces(text);
    for piece in &pieces {
        if let Piece::Variable(name) = piece
            && !variables.contains_key(name)
        {
            check_declared(name, at, declared)?;
        }
    }
    Ok(Node::Sub(pieces, variables))
}

/// `${name}` is a variable, `${!name}` the text `${name}`.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else { break };
        pieces.push(Piece::Text(before.to_owned()));
        pieces.push(match name.strip_prefix('!') {
            Some(literal) => Piece::Text(format!("${{{literal}}}")),
            None => Piece::Variable(name.to_owned()),
        });
        rest = after;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    pieces
}

pub(crate) fn wrong(at: &str, wanted: &'static str) -> TemplateProblem {
    TemplateProblem::WrongShape { at: at.to_owned(), wanted }
}
