//! What the edge answers.

use serde::{Deserialize, Serialize};

use crate::{
    AuthorizedVehicle, CertificateStatus, ProvisionedVehicle, ProvisioningAttempt, Receipt, ReceiptStep, Refusal,
    StepOutcome, Timestamp, VehicleStanding, Vin,
};

use super::Cursor;

/// Who is signed in, and what the console needs to know of this deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The operator's name.
    pub operator: String,
    /// The AWS region.
    pub region: String,
    /// The provisioning template that vehicles register with.
    pub provisioning_template: String,
    /// The pattern of this deployment's VINs, a regular expression for the whole VIN.
    pub vin_pattern: String,
}

/// One vehicle in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VehicleSummary {
    /// The vehicle.
    pub vin: Vin,
    /// The manufacturer, where recorded.
    pub make: Option<String>,
    /// The model, where recorded.
    pub model: Option<String>,
    /// The model year, where recorded.
    pub year: Option<String>,
    /// Where it stands.
    pub standing: VehicleStanding,
    /// The status of its current certificate, where it has one.
    pub certificate_status: Option<CertificateStatus>,
    /// When the current certificate was registered, or admitted where it is not registered yet.
    pub provisioned_at: Option<Timestamp>,
}

/// A page of vehicles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VehiclesPage {
    /// In the order of their VINs, unless `notice` says otherwise.
    pub vehicles: Vec<VehicleSummary>,
    /// Where to go on; `None` at the end.
    pub next: Option<Cursor>,
    /// Rows that could not be read: shown, never dropped in silence.
    pub unreadable: Vec<UnreadableRow>,
    /// What the operator should know of how this page was found, such as that an index is missing.
    pub notice: Option<String>,
}

/// A table row that is no record of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadableRow {
    /// The table's role, and the row's key as far as it can be read.
    pub row: String,
    /// What is wrong with it and what to do.
    pub problem: String,
}

/// Whether something can be done now, and if not, why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Possibility {
    /// It can be done.
    Possible,
    /// It cannot.
    Refused(Refusal),
}

impl From<Result<(), Refusal>> for Possibility {
    fn from(result: Result<(), Refusal>) -> Self {
        result.map_or_else(Possibility::Refused, |()| Possibility::Possible)
    }
}

/// One vehicle with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VehicleDetails {
    /// The vehicle.
    pub vin: Vin,
    /// Where it stands.
    pub standing: VehicleStanding,
    /// Its authorization, if it has one.
    pub authorized: Option<AuthorizedVehicle>,
    /// Every certificate it was admitted with, the current one first.
    pub certificates: Vec<CertificateDetails>,
    /// Its latest attempts, newest first.
    pub attempts: Vec<ProvisioningAttempt>,
    /// Whether there are older attempts than these.
    pub more_attempts: bool,
    /// The receipts of the latest actions on its certificates, newest first.
    pub receipts: Vec<Receipt>,
    /// Where older receipts go on; `None` where there are none.
    pub more_receipts: Option<Cursor>,
    /// Whether an operator can issue a certificate to it.
    pub issue: Possibility,
    /// Whether a reprovision ticket can be opened.
    pub reprovision: Possibility,
    /// Rows of this vehicle that could not be read.
    pub unreadable: Vec<UnreadableRow>,
    /// The edge's clock when it answered: what "open until" is to be compared with.
    pub now: Timestamp,
}

/// One certificate of a vehicle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateDetails {
    /// The row.
    pub record: ProvisionedVehicle,
    /// What AWS IoT reports of it; `None` where it no longer has it.
    pub reported_status: Option<CertificateStatus>,
    /// From when the certificate is valid.
    pub valid_from: Option<Timestamp>,
    /// Until when the certificate is valid.
    pub valid_until: Option<Timestamp>,
    /// Whether this is the certificate the vehicle should be using.
    pub current: bool,
    /// Whether it can be revoked.
    pub revoke: Possibility,
    /// Whether it can be put on hold.
    pub hold: Possibility,
    /// Whether it can be released.
    pub release: Possibility,
}

/// A page of attempts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptsPage {
    /// Newest first.
    pub attempts: Vec<ProvisioningAttempt>,
    /// Where to go on; `None` at the end.
    pub next: Option<Cursor>,
    /// Rows that could not be read.
    pub unreadable: Vec<UnreadableRow>,
    /// What the operator should know of how this page was found.
    pub notice: Option<String>,
}

/// A page of a vehicle's receipts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptsPage {
    /// Newest first.
    pub receipts: Vec<Receipt>,
    /// Where to go on; `None` at the end.
    pub next: Option<Cursor>,
    /// Rows that could not be read.
    pub unreadable: Vec<UnreadableRow>,
}

/// An action was carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// What was done, step by step, in plain words, with the time and the proof of each.
    pub steps: Vec<ReceiptStep>,
    /// The stored receipt, of an action on a certificate.
    pub receipt: Option<Box<Receipt>>,
}

impl Done {
    /// Whether every step was done and proven.
    pub fn is_whole(&self) -> bool {
        self.steps.iter().all(|step| step.outcome == StepOutcome::Done)
    }
}
