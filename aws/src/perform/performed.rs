use provisioning_rules::Effect;
use shared::{ReceiptStep, StepOutcome, Timestamp};

/// What came of effects that were all carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Performed {
    /// What was done, in the order in which it was done.
    pub steps: Vec<PerformedStep>,
}

/// What came of one effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerformedStep {
    /// What was to be done or proven, in plain words.
    pub what: String,
    /// When it was done, or given up.
    pub at: Timestamp,
    /// How AWS says that it is so, where it was asked and said so.
    pub proof: Option<String>,
    /// Why it could not be done or proven, where it could not; the rest is true without it.
    pub warning: Option<String>,
}

/// What stands for an effect beyond its call having succeeded.
pub(super) enum Proof {
    /// The answer to the call is all there is.
    NotNeeded,
    /// AWS says that it is so.
    Given(String),
    /// It could not be done, or AWS does not say that it is so; the rest stands without it.
    Missing(String),
}

impl Performed {
    /// What could not be done or proven, in plain words.
    pub fn warnings(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|step| step.warning.as_deref())
    }
}

impl PerformedStep {
    pub(super) fn of(effect: &Effect, at: Timestamp, proof: Proof) -> Self {
        let (proof, warning) = match proof {
            Proof::NotNeeded => (None, None),
            Proof::Given(proof) => (Some(proof), None),
            Proof::Missing(warning) => (None, Some(warning)),
        };
        PerformedStep { what: effect.to_string(), at, proof, warning }
    }
}

impl From<PerformedStep> for ReceiptStep {
    fn from(step: PerformedStep) -> Self {
        let outcome = if step.warning.is_some() { StepOutcome::NotProven } else { StepOutcome::Done };
        ReceiptStep { what: step.what, at: step.at, outcome, proof: step.warning.or(step.proof) }
    }
}

impl Proof {
    pub(super) fn unless(warning: Option<String>) -> Self {
        warning.map_or(Proof::NotNeeded, Proof::Missing)
    }
}
