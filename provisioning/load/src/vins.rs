//! VINs that no vehicle has.

use shared::Vin;

use crate::{LoadError, Plan, VinChoice};

/// What every VIN of a load test begins with, so that it is known for what it is.
const PREFIX: &str = "L0AD";

/// The letters and digits of a VIN: no I, O and Q.
const ALPHABET: &[u8; 33] = b"ABCDEFGHJKLMNPRSTUVWXYZ0123456789";

/// Draws the VINs of one run, one for each vehicle: 4 letters that all runs share, 7 of this run, 6 digits. How all of them
/// begin comes first.
pub(crate) fn fresh_vins(plan: &Plan) -> Result<(String, Vec<Vin>), LoadError> {
    let mut random = [0_u8; 7];
    getrandom::fill(&mut random).map_err(|error| LoadError::NoRandomness(error.to_string()))?;
    let run: String = random.iter().map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).collect();
    let beginning = format!("{PREFIX}{run}");
    let vins: Result<Vec<Vin>, LoadError> = (0..plan.vehicles)
        .map(|number| match plan.vin {
            VinChoice::Same => 0,
            VinChoice::Many => number,
        })
        .map(|number| {
            Vin::try_from(format!("{beginning}{number:06}"))
                .map_err(|error| LoadError::NoRandomness(format!("{error:?}")))
        })
        .collect();
    Ok((beginning, vins?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::num::NonZeroU32;

    fn plan(vehicles: u32, vin: VinChoice) -> Plan {
        let one = NonZeroU32::MIN;
        Plan { vehicles, vin, concurrency: one, rate: one, keys: vehicle::Keys::default(), clean: false }
    }

    #[test]
    fn vins_have_the_usual_shape_and_no_two_runs_share_one() {
        let (beginning, one) = fresh_vins(&plan(20, VinChoice::Many)).unwrap();
        let (_, other) = fresh_vins(&plan(20, VinChoice::Many)).unwrap();
        assert!(one.iter().all(|vin| vin.as_str().starts_with(&beginning)));
        let all: BTreeSet<&str> = one.iter().chain(&other).map(Vin::as_str).collect();
        assert_eq!(all.len(), 40);
        for vin in all {
            assert!(vin.len() == 17 && vin.bytes().all(|byte| ALPHABET.contains(&byte)), "{vin}");
        }
    }

    #[test]
    fn vehicles_of_one_vin_share_it() {
        let (_, vins) = fresh_vins(&plan(5, VinChoice::Same)).unwrap();
        assert_eq!(vins.len(), 5);
        assert!(vins.iter().all(|vin| *vin == vins[0]));
    }
}
