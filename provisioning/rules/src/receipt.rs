//! What a receipt says of an action.

use shared::api::CertificateAction;
use shared::{CertificateId, Receipt, ReceiptId, ReceiptOutcome, ReceiptStep, StepOutcome, Timestamp, Vin};

use crate::ActionBy;

/// Why an action ended before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// The vehicle changed in the meantime, or the action is not possible any more: nothing was done.
    NothingDone {
        /// Why, in a sentence.
        why: String,
    },
    /// A step failed, and none after it was tried.
    Failed {
        /// The step, in plain words.
        attempted: String,
        /// Why, in a sentence.
        why: String,
    },
}

/// The receipt as it is kept before the first step: from then on the action leaves a trace, whatever happens.
pub fn begin_receipt(vin: &Vin, certificate_id: &CertificateId, action: CertificateAction, by: &ActionBy) -> Receipt {
    Receipt {
        receipt_id: ReceiptId::new(by.at, certificate_id),
        vin: vin.clone(),
        certificate_id: certificate_id.clone(),
        action,
        operator: by.operator.clone(),
        reason: by.reason.clone(),
        began_at: by.at,
        ended_at: None,
        steps: Vec::new(),
        outcome: ReceiptOutcome::Interrupted,
        conclusion:
            "Interrupted: what became of it was never written. Repeat the action: what was done already is not \
                     done twice."
                .to_owned(),
    }
}

/// The receipt with what became of the action: the `steps` that were taken, and why it stopped where it did not get to its
/// end.
pub fn conclude_receipt(
    begun: &Receipt,
    mut steps: Vec<ReceiptStep>,
    stopped: Option<&Stopped>,
    at: Timestamp,
) -> Receipt {
    let unproven = steps.iter().any(|step| step.outcome == StepOutcome::NotProven);
    let (outcome, conclusion) = match stopped {
        None if unproven => (ReceiptOutcome::NotProven, format!("{} {}", done(begun.action), not_proven(&steps))),
        None => {
            // Of a release there is nothing that AWS would have to be asked about.
            let proven = steps.iter().any(|step| step.proof.is_some());
            let and_proven = if proven { ", and AWS IoT confirms it" } else { "" };
            (ReceiptOutcome::Proven, format!("{} Every step was done{and_proven}.", done(begun.action)))
        }
        Some(Stopped::NothingDone { why }) => (ReceiptOutcome::NothingDone, format!("Nothing was done. {why}")),
        Some(Stopped::Failed { attempted, why }) => {
            steps.push(ReceiptStep {
                what: attempted.clone(),
                at,
                outcome: StepOutcome::Failed,
                proof: Some(why.clone()),
            });
            let conclusion = format!(
                "Failed: could not {attempted}. Repeat the action to finish it: what was done already is not done twice."
            );
            (ReceiptOutcome::Failed, conclusion)
        }
    };
    Receipt { ended_at: Some(at), steps, outcome, conclusion, ..begun.clone() }
}

/// Whether the last time this action was done to this certificate, it failed half-way or nobody knows how far it came: then
/// it may be repeated even where the certificate's row says that it is done. The order of the receipts is of no matter.
pub fn is_unfinished(receipts: &[Receipt], certificate_id: &CertificateId, action: CertificateAction) -> bool {
    receipts
        .iter()
        .filter(|receipt| receipt.certificate_id == *certificate_id && receipt.action == action)
        .max_by_key(|receipt| &receipt.receipt_id)
        .is_some_and(Receipt::is_unfinished)
}

fn done(action: CertificateAction) -> &'static str {
    match action {
        CertificateAction::Revoke => "The certificate is revoked for good.",
        CertificateAction::Hold => "The certificate is on hold.",
        CertificateAction::Release => "The certificate is back in use.",
    }
}

/// Says what is not known, so that nobody takes it for done.
fn not_proven(steps: &[ReceiptStep]) -> String {
    let unproven: Vec<&str> = steps
        .iter()
        .filter(|step| step.outcome == StepOutcome::NotProven)
        .filter_map(|step| step.proof.as_deref())
        .collect();
    format!("Not proven: {}", unproven.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    fn begun(action: CertificateAction) -> Receipt {
        let by = ActionBy {
            operator: "an-operator".to_owned(),
            reason: "stolen in the port".to_owned(),
            at: at("2026-11-23T10:00:00Z"),
        };
        let vin = "1HGCM82633A004352".to_owned().try_into().unwrap();
        begin_receipt(&vin, &"a".repeat(64).try_into().unwrap(), action, &by)
    }

    fn step(outcome: StepOutcome, proof: &str) -> ReceiptStep {
        ReceiptStep {
            what: "make sure".to_owned(),
            at: at("2026-11-23T10:00:01Z"),
            outcome,
            proof: Some(proof.to_owned()),
        }
    }

    #[test]
    fn a_receipt_without_an_outcome_says_to_repeat_the_action() {
        let receipt = begun(CertificateAction::Revoke);
        assert!(receipt.is_unfinished());
        assert_eq!(receipt.ended_at, None);
        assert!(receipt.conclusion.contains("Repeat the action"), "{}", receipt.conclusion);
    }

    #[test]
    fn what_could_not_be_proven_is_said_in_the_conclusion() {
        for action in CertificateAction::ALL {
            let steps = vec![step(StepOutcome::Done, "asked"), step(StepOutcome::NotProven, "AWS IoT did not say.")];
            let receipt = conclude_receipt(&begun(action), steps, None, at("2026-11-23T10:00:02Z"));
            assert_eq!(receipt.outcome, ReceiptOutcome::NotProven);
            assert!(receipt.conclusion.ends_with("Not proven: AWS IoT did not say."), "{}", receipt.conclusion);
            assert!(!receipt.is_unfinished());
        }
    }

    #[test]
    fn a_failure_is_a_step_of_the_receipt_and_says_to_repeat_the_action() {
        let stopped =
            Stopped::Failed { attempted: "revoke it".to_owned(), why: "AWS IoT is not to be reached.".to_owned() };
        let steps = vec![step(StepOutcome::Done, "closed")];
        let ended_at = at("2026-11-23T10:00:02Z");
        let receipt = conclude_receipt(&begun(CertificateAction::Revoke), steps, Some(&stopped), ended_at);
        assert!(receipt.is_unfinished());
        assert_eq!(receipt.ended_at, Some(ended_at));
        assert_eq!(receipt.steps.len(), 2);
        assert_eq!(receipt.steps[1].outcome, StepOutcome::Failed);
        assert!(receipt.conclusion.contains("could not revoke it"), "{}", receipt.conclusion);
    }

    #[test]
    fn an_action_is_unfinished_until_a_later_receipt_of_it_has_an_outcome() {
        let first = begun(CertificateAction::Revoke);
        let id = first.certificate_id.clone();
        let later = Receipt { receipt_id: ReceiptId::new(at("2026-11-23T11:00:00Z"), &id), ..first.clone() };
        let later = conclude_receipt(&later, Vec::new(), None, at("2026-11-23T11:00:01Z"));
        assert!(is_unfinished(std::slice::from_ref(&first), &id, CertificateAction::Revoke));
        assert!(!is_unfinished(std::slice::from_ref(&first), &id, CertificateAction::Hold));
        assert!(!is_unfinished(&[first.clone(), later.clone()], &id, CertificateAction::Revoke));
        assert!(!is_unfinished(&[later, first], &id, CertificateAction::Revoke));
    }

    #[test]
    fn what_was_proven_needs_nothing_more() {
        let steps = vec![step(StepOutcome::Done, "not connected since then")];
        let receipt = conclude_receipt(&begun(CertificateAction::Hold), steps, None, at("2026-11-23T10:00:02Z"));
        assert_eq!(receipt.outcome, ReceiptOutcome::Proven);
        assert!(!receipt.is_unfinished());
        let changed = Stopped::NothingDone { why: "It changed.".to_owned() };
        let receipt = conclude_receipt(&receipt, Vec::new(), Some(&changed), at("2026-11-23T10:00:02Z"));
        assert_eq!(receipt.conclusion, "Nothing was done. It changed.");
    }
}
