//! What a load test is to do.

use std::num::NonZeroU32;

/// Which VINs the vehicles have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum VinChoice {
    /// All the same one: exactly one vehicle may stay.
    Same,
    /// Each its own.
    Many,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many vehicles.
    pub vehicles: u32,
    /// Which VINs they have.
    pub vin: VinChoice,
    /// How many vehicles are on their way at a time.
    pub concurrency: NonZeroU32,
    /// How many RegisterThing, and how many calls of each other kind to AWS IoT, are made a second at most.
    pub rate: NonZeroU32,
    /// Who makes the private keys.
    pub keys: vehicle::Keys,
    /// Whether what was made is removed at the end.
    pub clean: bool,
}

/// Why a plan cannot be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanProblem {
    /// There is nothing to do, or more than VINs of one run can be told apart.
    #[error("give between 1 and {MOST_VEHICLES} vehicles")]
    Vehicles,
}

/// The VINs of one run have six digits of their own.
pub const MOST_VEHICLES: u32 = 1_000_000;

impl Plan {
    /// Checks what numbers alone cannot promise.
    pub fn check(&self) -> Result<(), PlanProblem> {
        if (1..=MOST_VEHICLES).contains(&self.vehicles) { Ok(()) } else { Err(PlanProblem::Vehicles) }
    }
}
