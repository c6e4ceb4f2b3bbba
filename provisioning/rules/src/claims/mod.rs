//! Claim certificates: made, rotated with an overlap, burned, and taken away when their time is over.

mod adopt;
mod burn;
mod end_retiring;
mod rotation;
mod secret_text;

pub use adopt::adopt_claim;
pub use burn::{burn_claim, may_burn_claim};
pub use end_retiring::{StillToCome, end_retiring, is_over, take_claim_away};
pub use rotation::{
    ClaimInSecret, RotationFacts, RotationProblem, check_claim, finish_rotation, give_up_version, prepare_claim,
    register_claim,
};
pub use secret_text::SecretText;

use shared::{ClaimCertificateId, ClaimState, Timestamp};

/// One certificate takes the place of others under its name. All of it is recorded together or not at all, so that a name
/// always has exactly one current certificate. It is a conflict where one of them has ended in the meantime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimSuccession {
    /// The certificate that its name stands for from now on.
    pub current: ClaimCertificateId,
    /// Those that it replaces, each with how many VINs are still expected with it. They go on working.
    pub replaced: Vec<(ClaimCertificateId, u32)>,
    /// When.
    pub at: Timestamp,
    /// The latest moment at which those that are replaced still work.
    pub retire_at: Timestamp,
}

/// The end of a claim certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimEnd {
    /// The certificate.
    pub id: ClaimCertificateId,
    /// Retired or burned.
    pub state: ClaimState,
    /// When.
    pub at: Timestamp,
    /// The operator, where a person ended it.
    pub by: Option<String>,
    /// Why.
    pub reason: String,
}
