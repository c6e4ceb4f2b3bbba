//! From when on attempts are replayed.

use std::str::FromStr;

use shared::{SignedDuration, Timestamp};

/// A moment, or so long ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// This moment.
    Moment(Timestamp),
    /// So long before now.
    Ago(SignedDuration),
}

impl Since {
    /// The moment, seen from `now`.
    pub fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Since::Moment(moment) => moment,
            Since::Ago(duration) => now.checked_sub(duration).unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write so many days or hours, such as 7d or 12h, or a date, such as 2026-11-01".to_owned();
        let unit = |seconds: i64, number: &str| -> Result<Self, String> {
            let number: i64 = number.parse().ok().filter(|number| *number >= 0).ok_or_else(wrong)?;
            number.checked_mul(seconds).map(|seconds| Since::Ago(SignedDuration::from_secs(seconds))).ok_or_else(wrong)
        };
        if let Some(days) = text.strip_suffix('d') {
            return unit(24 * 60 * 60, days);
        }
        if let Some(hours) = text.strip_suffix('h') {
            return unit(60 * 60, hours);
        }
        let whole = if text.len() == "2026-11-01".len() { format!("{text}T00:00:00Z") } else { text.to_owned() };
        whole.parse().map(Since::Moment).map_err(|_| wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn since(text: &str) -> String {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().expect("a time");
        text.parse::<Since>().map_or_else(|problem| problem, |since| since.before(now).to_string())
    }

    #[test]
    fn days_hours_dates_and_moments_are_understood() {
        assert_eq!(since("7d"), "2026-11-16T12:00:00Z");
        assert_eq!(since("12h"), "2026-11-23T00:00:00Z");
        assert_eq!(since("2026-11-01"), "2026-11-01T00:00:00Z");
        assert_eq!(since("2026-11-01T08:30:00Z"), "2026-11-01T08:30:00Z");
        assert_eq!(since("99999999999d"), "1970-01-01T00:00:00Z");
        for text in ["", "7", "d", "-1d", "yesterday", "2026-13-01", "7 d", "99999999999999999d"] {
            assert_eq!(since(text), "write so many days or hours, such as 7d or 12h, or a date, such as 2026-11-01");
        }
    }
}
