//! How long most of something took.

use std::time::Duration;

use serde::{Serialize, Serializer};

/// The times that half, nine tenths and all but one in a hundred stayed within.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Percentiles {
    /// How many times there are.
    pub of: usize,
    /// The 50th percentile, in milliseconds in JSON.
    #[serde(rename = "p50_ms", serialize_with = "milliseconds")]
    pub p50: Duration,
    /// The 90th.
    #[serde(rename = "p90_ms", serialize_with = "milliseconds")]
    pub p90: Duration,
    /// The 99th.
    #[serde(rename = "p99_ms", serialize_with = "milliseconds")]
    pub p99: Duration,
}

impl Percentiles {
    /// The percentiles, by nearest rank; `None` of nothing.
    pub fn of(mut times: Vec<Duration>) -> Option<Self> {
        times.sort_unstable();
        let rank = |percent: usize| times.get((times.len() * percent).div_ceil(100).checked_sub(1)?).copied();
        Some(Percentiles { of: times.len(), p50: rank(50)?, p90: rank(90)?, p99: rank(99)? })
    }
}

fn milliseconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((time.as_secs_f64() * 10_000.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let times = |count: u64| (1..=count).rev().map(Duration::from_millis).collect();
        let hundred = Percentiles::of(times(100)).unwrap();
        assert_eq!(hundred.p50, Duration::from_millis(50));
        assert_eq!(hundred.p90, Duration::from_millis(90));
        assert_eq!(hundred.p99, Duration::from_millis(99));
        let one = Percentiles::of(times(1)).unwrap();
        assert_eq!((one.p50, one.p99), (Duration::from_millis(1), Duration::from_millis(1)));
        assert_eq!(Percentiles::of(Vec::new()), None);
    }
}
