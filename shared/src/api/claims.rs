//! Claim certificates, as the console shows them and acts on them.

use serde::{Deserialize, Serialize};

use crate::{
    CertificateStatus, ClaimCertificateId, ClaimName, ClaimRecord, Count, DenialReason, ProvisioningAttempt, Timestamp,
    Vin,
};

use super::{Cursor, Possibility, UnreadableRow};

/// The claim certificates of this deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimCertificatesPage {
    /// Those that work first, then by name, newest first.
    pub claims: Vec<ClaimCertificate>,
    /// Rows that could not be read.
    pub unreadable: Vec<UnreadableRow>,
}

/// One claim certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimCertificate {
    /// Its id, which is its fingerprint, too.
    pub id: ClaimCertificateId,
    /// What is recorded of it; `None` for one that has the claim policy and no record.
    pub record: Option<ClaimRecord>,
    /// What AWS IoT reports of it; `None` where it no longer has it.
    pub status: Option<CertificateStatus>,
    /// The policies it has.
    pub policies: Vec<String>,
    /// When AWS IoT got it.
    pub created_at: Option<Timestamp>,
    /// From when it is valid.
    pub valid_from: Option<Timestamp>,
    /// Until when it is valid.
    pub valid_until: Option<Timestamp>,
    /// The attempt made with it last, if any.
    pub last_attempt: Option<ProvisioningAttempt>,
    /// How many certificates it admitted; `None` where the table cannot tell.
    pub admitted: Option<Count>,
    /// How many vehicles are still expected with it; `None` where the table cannot tell.
    pub expected: Option<Count>,
}

/// Whom a claim certificate let in, whom it did not, and who is still to come with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimReach {
    /// The claim certificate.
    pub claim: ClaimCertificate,
    /// The vehicles still expected with it, in the order of their VINs.
    pub expected_vins: Vec<Vin>,
    /// Where they go on; `None` at the end.
    pub next: Option<Cursor>,
    /// How many vehicles that may be provisioned and have not come are expected with no claim in particular: they may have
    /// this one. `None` where the table cannot tell.
    pub expected_with_any: Option<Count>,
    /// Its latest tries.
    pub tries: ClaimTries,
    /// Whether it can be burned.
    pub burn: Possibility,
    /// The edge's clock when it answered.
    pub now: Timestamp,
}

/// What became of the latest tries with a claim certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimTries {
    /// How many were let in.
    pub allowed: u32,
    /// How many were denied for each reason, the most frequent first.
    pub denied: Vec<(DenialReason, u32)>,
    /// When the first of these tries was made; `None` where there were none.
    pub since: Option<Timestamp>,
    /// Whether there were older ones, which are not counted here.
    pub or_more: bool,
}

/// The names of claims that have a working certificate now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimNames {
    /// In order.
    pub names: Vec<ClaimName>,
}

/// Makes a claim under a new name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateClaim {
    /// What it is for, as typed; the edge says what is wrong with it.
    pub name: String,
}

/// Gives a claim a new certificate; the one it has goes on working for a while.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RotateClaim {}

/// Takes a claim certificate out of use now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BurnClaim {
    /// In the operator's words.
    pub reason: String,
    /// How many vehicles the operator was shown to be still expected with it.
    pub expected_count_seen: u32,
}
