//! OperatorActions: what operators did to certificates. Rows are written when an action begins and once more when it ends.

use shared::api::CertificateAction;
use shared::{Receipt, ReceiptId, ReceiptOutcome, ReceiptStep, StepOutcome, Vin};

use super::row::{self, UnreadableItem};
use crate::dynamodb::{AttributeValue, Item};

/// The partition key.
pub const VIN: &str = "vin";
/// The sort key.
pub const RECEIPT_ID: &str = "receipt_id";
const CERTIFICATE_ID: &str = "certificate_id";
const ACTION: &str = "operator_action";
const OPERATOR: &str = "operator";
const REASON: &str = "reason";
const BEGAN_AT: &str = "began_at";
const ENDED_AT: &str = "ended_at";
const STEPS: &str = "steps";
const OUTCOME: &str = "outcome";
const CONCLUSION: &str = "conclusion";

const STEP_WHAT: &str = "what";
const STEP_AT: &str = "at";
const STEP_OUTCOME: &str = "outcome";
const STEP_PROOF: &str = "proof";

/// The condition under which a receipt is written: an outcome is never overwritten.
pub(crate) const NO_OUTCOME: &str = "attribute_not_exists(ended_at)";

/// The key of one receipt.
pub fn key(vin: &Vin, receipt_id: &ReceiptId) -> Item {
    Item::from([(VIN.to_owned(), vin.as_str().into()), (RECEIPT_ID.to_owned(), receipt_id.as_str().into())])
}

/// Reads a row.
pub fn from_item(item: &Item) -> Result<Receipt, UnreadableItem> {
    let key = row::text(item, RECEIPT_ID).unwrap_or("(no receipt_id)").to_owned();
    let unreadable = |problem: &str| UnreadableItem { row: key.clone(), problem: problem.to_owned() };
    let whole = || {
        Some(Receipt {
            receipt_id: ReceiptId::from_stored(key.clone()),
            vin: row::vin(item, VIN).ok()?,
            certificate_id: row::certificate_id(item, CERTIFICATE_ID)?,
            action: CertificateAction::from_word(row::text(item, ACTION)?)?,
            operator: row::owned_text(item, OPERATOR)?,
            reason: row::owned_text(item, REASON)?,
            began_at: row::time(item, BEGAN_AT)?,
            ended_at: row::time(item, ENDED_AT),
            steps: item.get(STEPS).and_then(AttributeValue::as_list)?.iter().map(step).collect::<Option<_>>()?,
            outcome: ReceiptOutcome::from_word(row::text(item, OUTCOME)?)?,
            conclusion: row::owned_text(item, CONCLUSION)?,
        })
    };
    whole().ok_or_else(|| unreadable("It is no whole receipt: a newer version, or something else, wrote this row."))
}

pub(crate) fn to_item(receipt: &Receipt) -> Item {
    let mut item = key(&receipt.vin, &receipt.receipt_id);
    row::put(&mut item, CERTIFICATE_ID, Some(receipt.certificate_id.as_str()));
    row::put(&mut item, ACTION, Some(receipt.action.as_str()));
    row::put(&mut item, OPERATOR, Some(receipt.operator.as_str()));
    row::put(&mut item, REASON, Some(receipt.reason.as_str()));
    row::put(&mut item, BEGAN_AT, Some(receipt.began_at.to_string()));
    row::put(&mut item, ENDED_AT, receipt.ended_at.map(|at| at.to_string()));
    row::put(&mut item, STEPS, Some(receipt.steps.iter().map(step_to_map).collect::<Vec<_>>()));
    row::put(&mut item, OUTCOME, Some(receipt.outcome.as_str()));
    row::put(&mut item, CONCLUSION, Some(receipt.conclusion.as_str()));
    item
}

fn step(value: &AttributeValue) -> Option<ReceiptStep> {
    let map = value.as_map()?;
    Some(ReceiptStep {
        what: row::owned_text(map, STEP_WHAT)?,
        at: row::time(map, STEP_AT)?,
        outcome: StepOutcome::from_word(row::text(map, STEP_OUTCOME)?)?,
        proof: row::owned_text(map, STEP_PROOF),
    })
}

fn step_to_map(step: &ReceiptStep) -> AttributeValue {
    let mut map = Item::new();
    row::put(&mut map, STEP_WHAT, Some(step.what.as_str()));
    row::put(&mut map, STEP_AT, Some(step.at.to_string()));
    row::put(&mut map, STEP_OUTCOME, Some(step.outcome.as_str()));
    row::put(&mut map, STEP_PROOF, step.proof.clone());
    map.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt() -> Receipt {
        let at = "2026-11-23T10:00:00.123Z".parse().unwrap();
        let certificate_id = "a".repeat(64).try_into().unwrap();
        Receipt {
            receipt_id: ReceiptId::new(at, &certificate_id),
            vin: "1HGCM82633A004352".to_owned().try_into().unwrap(),
            certificate_id,
            action: CertificateAction::Revoke,
            operator: "an-operator".to_owned(),
            reason: "stolen in the port".to_owned(),
            began_at: at,
            ended_at: None,
            steps: Vec::new(),
            outcome: ReceiptOutcome::Interrupted,
            conclusion: "Interrupted.".to_owned(),
        }
    }

    #[test]
    fn a_receipt_is_read_as_it_was_written_before_and_after_its_outcome() {
        let begun = receipt();
        assert_eq!(from_item(&to_item(&begun)), Ok(begun.clone()));
        let step = |outcome, proof: Option<&str>| ReceiptStep {
            what: "cut the live connection".to_owned(),
            at: begun.began_at,
            outcome,
            proof: proof.map(str::to_owned),
        };
        let ended = Receipt {
            ended_at: Some(begun.began_at),
            steps: vec![step(StepOutcome::Done, None), step(StepOutcome::NotProven, Some("AWS IoT did not say."))],
            outcome: ReceiptOutcome::NotProven,
            ..begun
        };
        assert_eq!(from_item(&to_item(&ended)), Ok(ended));
    }

    #[test]
    fn the_condition_names_the_attribute_that_an_outcome_brings() {
        assert!(!to_item(&receipt()).contains_key(ENDED_AT));
        assert_eq!(NO_OUTCOME, format!("attribute_not_exists({ENDED_AT})"));
    }

    #[test]
    fn a_row_that_is_no_receipt_is_told_by_its_key() {
        let mut item = to_item(&receipt());
        item.remove(OUTCOME);
        let problem = from_item(&item).unwrap_err();
        assert_eq!(problem.row, receipt().receipt_id.as_str());
    }
}
