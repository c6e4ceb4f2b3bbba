//! What a deployment finds out about itself.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// What came of one check, the gravest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckOutcome {
    /// It is as it should be.
    Passed,
    /// It works, and somebody should look at it.
    Warning,
    /// Something does not work.
    Failed,
}

impl CheckOutcome {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            CheckOutcome::Passed => "passed",
            CheckOutcome::Warning => "warning",
            CheckOutcome::Failed => "failed",
        }
    }
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was checked.
    pub name: String,
    /// What came of it.
    pub outcome: CheckOutcome,
    /// What was found: sentences.
    pub found: String,
    /// What to do, where there is something to do: sentences.
    pub mend: Option<String>,
}

impl Check {
    /// It is as it should be.
    pub fn passed(name: impl Into<String>, found: impl Into<String>) -> Self {
        Check { name: name.into(), outcome: CheckOutcome::Passed, found: found.into(), mend: None }
    }

    /// It works, and somebody should look at it.
    pub fn warning(name: impl Into<String>, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Check { outcome: CheckOutcome::Warning, mend: Some(mend.into()), ..Self::passed(name, found) }
    }

    /// Something does not work.
    pub fn failed(name: impl Into<String>, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Check { outcome: CheckOutcome::Failed, ..Self::warning(name, found, mend) }
    }
}

/// Every check that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfCheck {
    /// When.
    pub at: Timestamp,
    /// In the order in which they were made.
    pub checks: Vec<Check>,
}

impl SelfCheck {
    /// The gravest outcome; passed where nothing was checked.
    pub fn outcome(&self) -> CheckOutcome {
        self.checks.iter().map(|check| check.outcome).max().unwrap_or(CheckOutcome::Passed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_outcome_is_that_of_the_whole() {
        let mut whole = SelfCheck { at: Timestamp::UNIX_EPOCH, checks: vec![Check::passed("a", "Fine.")] };
        assert_eq!(whole.outcome(), CheckOutcome::Passed);
        whole.checks.push(Check::failed("b", "Broken.", "Mend it."));
        whole.checks.push(Check::warning("c", "Odd.", "Look."));
        assert_eq!(whole.outcome(), CheckOutcome::Failed);
    }
}
