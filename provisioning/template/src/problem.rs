//! What is wrong with a template, and what to do about it.

/// Why a text is no provisioning template, or why a template cannot register a vehicle. `at` is where in the template, such
/// as `Resources.thing.Properties.ThingName`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateProblem {
    /// More than AWS IoT takes.
    #[error("The template has {characters} characters and AWS IoT takes {limit}: shorten it.")]
    TooLong {
        /// How many it has.
        characters: usize,
        /// How many it may have.
        limit: usize,
    },
    /// No JSON.
    #[error("The template is not JSON ({problem}): correct it there.")]
    NotJson {
        /// The reader's words, with line and column.
        problem: String,
    },
    /// Something of another kind stands there.
    #[error("{at} must be {wanted}: write it so.")]
    WrongShape {
        /// Where.
        at: String,
        /// What must stand there.
        wanted: &'static str,
    },
    /// A key that means nothing to AWS IoT.
    #[error("{at} has no {key}: take it out, or write one of {known}.")]
    UnknownKey {
        /// Where.
        at: String,
        /// What stands there.
        key: String,
        /// What may stand there.
        known: String,
    },
    /// A key that must be there.
    #[error("{at} lacks {key}: add it.")]
    MissingKey {
        /// Where.
        at: String,
        /// What is missing.
        key: &'static str,
    },
    /// A word that is none of those possible.
    #[error("{at} is {value:?}: write one of {known}.")]
    UnknownWord {
        /// Where.
        at: String,
        /// What stands there.
        value: String,
        /// What may stand there.
        known: &'static str,
    },
    /// A resource that must be there exactly once.
    #[error("The template has {count} resources of type {kind} and must have exactly one.")]
    NotExactlyOne {
        /// The resource's type.
        kind: &'static str,
        /// How many there are.
        count: usize,
    },
    /// Resources depend on something that is not there.
    #[error("{at} names {name}, and there is no such resource in the template: correct the name.")]
    UnknownResource {
        /// Where.
        at: String,
        /// The name.
        name: String,
    },
    /// A certificate that is not the one being registered.
    #[error(
        "{at} must be {{\"Ref\": \"AWS::IoT::Certificate::Id\"}}: fleet provisioning registers no other certificate."
    )]
    OtherCertificate {
        /// Where.
        at: String,
    },
    /// A policy that is both named and written out.
    #[error(
        "{at} has PolicyName and PolicyDocument: keep the name of a policy that exists, or the document of a new one."
    )]
    PolicyTwice {
        /// Where.
        at: String,
    },
    /// A function that provisioning templates do not have.
    #[error(
        "{at} uses {function}, which provisioning templates do not have: use Ref, Fn::Join, Fn::Select, Fn::Split, Fn::Sub or Fn::FindInMap."
    )]
    UnknownFunction {
        /// Where.
        at: String,
        /// Its name.
        function: String,
    },
    /// A name that no parameter has.
    #[error("{at} refers to {name}, which is not declared: add it to Parameters, or correct the name.")]
    UndeclaredParameter {
        /// Where.
        at: String,
        /// The name.
        name: String,
    },
    /// More attributes than a thing can have.
    #[error("The thing has {count} attributes, and {} takes at most {limit}: {}.", with(.has_type), advice(.has_type))]
    TooManyAttributes {
        /// How many it has.
        count: usize,
        /// How many it may have.
        limit: usize,
        /// Whether the thing has a type.
        has_type: bool,
    },
    /// A parameter without a value.
    #[error("The parameter {name} has no value: the vehicle must send it, or the template needs a Default for it.")]
    ParameterMissing {
        /// The parameter.
        name: String,
    },
    /// A function was given what it cannot work with.
    #[error("{at}: {problem}.")]
    NotComputable {
        /// Where.
        at: String,
        /// Why.
        problem: String,
    },
    /// A value that AWS IoT refuses.
    #[error("{at} would be {value:?}, and AWS IoT takes {rule}: change the template, or what the vehicle sends.")]
    InvalidValue {
        /// Where.
        at: String,
        /// What would stand there, cut at 80 characters.
        value: String,
        /// What AWS IoT takes.
        rule: &'static str,
    },
    /// A policy document that is none.
    #[error("{at} is no policy document ({problem}): correct it.")]
    InvalidPolicy {
        /// Where; `The policy` where it stands by itself.
        at: String,
        /// Why.
        problem: String,
    },
}

fn with(has_type: &bool) -> &'static str {
    if *has_type { "a thing with a thing type" } else { "a thing without a thing type" }
}

fn advice(has_type: &bool) -> &'static str {
    if *has_type { "leave some out" } else { "give the vehicles a thing type, or leave some out" }
}
