//! The stored proof of what an operator's action on a certificate did.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::api::CertificateAction;
use crate::{CertificateId, Timestamp, Vin};

/// Orders the receipts of a vehicle by time and tells those of one moment apart: `<RFC 3339 time with
/// nanoseconds>#<certificate id>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReceiptId(String);

impl ReceiptId {
    /// The id of the receipt of an action that began at `at` on this certificate.
    pub fn new(at: Timestamp, certificate_id: &CertificateId) -> Self {
        // All nine digits, so that the order of the texts is the order of the times.
        ReceiptId(format!("{at:.9}#{certificate_id}"))
    }

    /// Takes an id as it was stored or sent.
    pub fn from_stored(id: String) -> Self {
        ReceiptId(id)
    }

    /// The stored text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReceiptId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What one action of an operator on one certificate did, step by step.
///
/// It is written twice: before the first step, so that no action leaves no trace, and with its outcome when it ended. One
/// whose outcome was never written says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Its place among the receipts of the vehicle.
    pub receipt_id: ReceiptId,
    /// The vehicle.
    pub vin: Vin,
    /// The certificate.
    pub certificate_id: CertificateId,
    /// What the operator wanted.
    pub action: CertificateAction,
    /// Who.
    pub operator: String,
    /// Why, in the operator's words.
    pub reason: String,
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended; `None` where its outcome was never written.
    pub ended_at: Option<Timestamp>,
    /// The steps in their order, as far as it came.
    pub steps: Vec<ReceiptStep>,
    /// What became of it.
    pub outcome: ReceiptOutcome,
    /// The same in a sentence or two, with what there is to do.
    pub conclusion: String,
}

impl Receipt {
    /// Whether the same action may have something left to do: it failed half-way, or nobody knows how far it came.
    pub fn is_unfinished(&self) -> bool {
        matches!(self.outcome, ReceiptOutcome::Interrupted | ReceiptOutcome::Failed)
    }
}

/// One step of an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptStep {
    /// What was to be done or proven, in plain words.
    pub what: String,
    /// When it was done, or given up.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: StepOutcome,
    /// The proof, where there is one; of a step that was not proven or failed, why.
    pub proof: Option<String>,
}

/// What came of one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepOutcome {
    /// It was done.
    Done,
    /// It could not be done or proven, and the rest is true without it.
    NotProven,
    /// It failed, and the action ended there.
    Failed,
}

impl StepOutcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Done, Self::NotProven, Self::Failed];

    /// The word that is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotProven => "not-proven",
            Self::Failed => "failed",
        }
    }

    /// Reads the stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}

/// What became of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReceiptOutcome {
    /// Its outcome was never written: it is under way, or it was interrupted.
    Interrupted,
    /// Everything was done, and what can be proven is proven.
    Proven,
    /// Everything that counts was done, and something could not be proven.
    NotProven,
    /// A step failed.
    Failed,
    /// Nothing was done, because the vehicle changed in the meantime.
    NothingDone,
}

impl ReceiptOutcome {
    /// Every outcome.
    pub const ALL: [Self; 5] = [Self::Interrupted, Self::Proven, Self::NotProven, Self::Failed, Self::NothingDone];

    /// The word that is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Interrupted => "interrupted",
            Self::Proven => "proven",
            Self::NotProven => "not-proven",
            Self::Failed => "failed",
            Self::NothingDone => "nothing-done",
        }
    }

    /// Reads the stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> ReceiptId {
        ReceiptId::new(time.parse().unwrap(), &"a".repeat(64).try_into().unwrap())
    }

    #[test]
    fn receipts_stand_in_the_order_of_their_times_whatever_the_digits_of_their_fractions() {
        let ids = [at("2026-11-23T10:00:00Z"), at("2026-11-23T10:00:00.5Z"), at("2026-11-23T10:00:00.51Z")];
        assert!(ids.is_sorted(), "{ids:?}");
    }

    #[test]
    fn what_is_stored_and_what_is_sent_is_one_word() {
        for outcome in ReceiptOutcome::ALL {
            assert_eq!(ReceiptOutcome::from_word(outcome.as_str()), Some(outcome));
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.as_str());
        }
        for outcome in StepOutcome::ALL {
            assert_eq!(StepOutcome::from_word(outcome.as_str()), Some(outcome));
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.as_str());
        }
    }
}
