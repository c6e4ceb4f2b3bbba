//! A point in time.

use std::{
    fmt,
    ops::{Add, Sub},
    str::FromStr,
};

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

const NANOS: i128 = 1_000_000_000;
const SECONDS_OF_A_DAY: i64 = 86_400;

/// A point in time to the nanosecond in the years 0 to 9999, in text and in JSON as RFC 3339 has it.
///
/// The console is the reason why this is not a library's: one that knows time zones and calendars has an explanation for
/// every way in which a time can be wrong, and all of them would be downloaded before the first page is shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    second: i64,
    nanosecond: u32,
}

/// A text or a number that is no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this is not a time such as 2026-11-23T02:04:05Z")]
pub struct InvalidTimestamp;

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self { second: 0, nanosecond: 0 };
    /// 0000-01-01T00:00:00Z.
    pub const MIN: Self = Self { second: -62_167_219_200, nanosecond: 0 };
    /// The last one before the year 10000.
    pub const MAX: Self = Self { second: 253_402_300_799, nanosecond: 999_999_999 };

    /// So many seconds after the epoch of Unix.
    pub fn from_second(second: i64) -> Result<Self, InvalidTimestamp> {
        Self::within(Self { second, nanosecond: 0 })
    }

    /// So many milliseconds after the epoch of Unix.
    pub fn from_millisecond(millisecond: i64) -> Result<Self, InvalidTimestamp> {
        let nanosecond = millisecond.rem_euclid(1_000) as u32 * 1_000_000;
        Self::within(Self { second: millisecond.div_euclid(1_000), nanosecond })
    }

    /// So many nanoseconds after the epoch of Unix.
    pub fn from_nanosecond(nanosecond: i128) -> Result<Self, InvalidTimestamp> {
        let second = i64::try_from(nanosecond.div_euclid(NANOS)).map_err(|_| InvalidTimestamp)?;
        Self::within(Self { second, nanosecond: nanosecond.rem_euclid(NANOS) as u32 })
    }

    fn within(self) -> Result<Self, InvalidTimestamp> {
        if (Self::MIN..=Self::MAX).contains(&self) { Ok(self) } else { Err(InvalidTimestamp) }
    }

    /// Whole seconds since the epoch of Unix.
    pub fn as_second(self) -> i64 {
        self.second
    }

    /// Whole milliseconds since the epoch of Unix.
    pub fn as_millisecond(self) -> i64 {
        self.second * 1_000 + i64::from(self.nanosecond / 1_000_000)
    }

    /// Nanoseconds since the epoch of Unix.
    pub fn as_nanosecond(self) -> i128 {
        i128::from(self.second) * NANOS + i128::from(self.nanosecond)
    }

    /// How much later this is than another, negative if it is earlier.
    pub fn duration_since(self, other: Self) -> SignedDuration {
        SignedDuration::new(self.second - other.second, self.nanosecond as i32 - other.nanosecond as i32)
    }

    /// This much later, where there is such a time.
    pub fn checked_add(self, duration: SignedDuration) -> Result<Self, InvalidTimestamp> {
        Self::from_nanosecond(self.as_nanosecond() + duration.as_nanos())
    }

    /// This much earlier, where there is such a time.
    pub fn checked_sub(self, duration: SignedDuration) -> Result<Self, InvalidTimestamp> {
        Self::from_nanosecond(self.as_nanosecond() - duration.as_nanos())
    }

    /// This much later, or the last time there is. It is never an error; jiff's is a result, too.
    pub fn saturating_add(self, duration: SignedDuration) -> Result<Self, InvalidTimestamp> {
        Ok(self.checked_add(duration).unwrap_or(if duration.is_negative() { Self::MIN } else { Self::MAX }))
    }
}

impl Add<SignedDuration> for Timestamp {
    type Output = Self;

    fn add(self, duration: SignedDuration) -> Self {
        self.saturating_add(duration).unwrap_or(self)
    }
}

impl Sub<SignedDuration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: SignedDuration) -> Self {
        self.checked_sub(duration).unwrap_or(if duration.is_negative() { Self::MAX } else { Self::MIN })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date(self.second.div_euclid(SECONDS_OF_A_DAY));
        let second = self.second.rem_euclid(SECONDS_OF_A_DAY);
        write!(formatter, "{year:04}-{month:02}-{day:02}T")?;
        write!(formatter, "{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60)?;
        let digits = format!("{:09}", self.nanosecond);
        let digits = match formatter.precision() {
            Some(precision) => &digits[..precision.min(9)],
            None => digits.trim_end_matches('0'),
        };
        if !digits.is_empty() {
            write!(formatter, ".{digits}")?;
        }
        formatter.write_str("Z")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        parse(text.as_bytes()).and_then(|time| time.within().ok()).ok_or(InvalidTimestamp)
    }
}

/// RFC 3339: `2026-11-23T02:04:05`, a fraction or none, and `Z` or how far the clock is ahead of UTC, `+01:00`.
fn parse(text: &[u8]) -> Option<Timestamp> {
    let number = |from: usize, to: usize| {
        text.get(from..to)?
            .iter()
            .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0')))
    };
    let is = |at: usize, any: &[u8]| text.get(at).filter(|byte| any.contains(byte)).map(|_| ());
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    for (at, any) in [(4, &b"-"[..]), (7, b"-"), (10, b"Tt "), (13, b":"), (16, b":")] {
        is(at, any)?;
    }
    let mut end = 19;
    let mut nanosecond = 0;
    if is(end, b".").is_some() {
        let digits = text[20..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&digits) {
            return None;
        }
        nanosecond = number(20, 20 + digits)? * 10_i64.pow(9 - digits as u32);
        end = 20 + digits;
    }
    let ahead = match text.get(end)? {
        b'Z' | b'z' => {
            end += 1;
            0
        }
        sign @ (b'+' | b'-') => {
            // Some write the hours alone, and some leave the colon out.
            let hours = number(end + 1, end + 3)?;
            end += 3;
            if is(end, b":").is_some() && end + 1 < text.len() {
                end += 1;
            }
            let minutes = if end == text.len() { 0 } else { number(end, end + 2)? };
            end = text.len().min(end + 2);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let ahead = hours * 3_600 + minutes * 60;
            if *sign == b'+' { ahead } else { -ahead }
        }
        _ => return None,
    };
    let days = days_since_the_epoch(year, month, day);
    // A day that its month does not have comes back as another; the second in which a leap second falls counts twice.
    let exists = end == text.len() && date(days) == (year, month, day) && hour < 24 && minute < 60 && second <= 60;
    exists.then(|| Timestamp {
        second: days * SECONDS_OF_A_DAY + hour * 3_600 + minute * 60 + second.min(59) - ahead,
        nanosecond: nanosecond as u32,
    })
}

/// Years are counted from March, so that the day of a leap year is the last one; 400 of them have 146,097 days.
fn days_since_the_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (month * 153 + 2) / 5 + day
        - 719_469
}

/// The year, month and day that is this many days after the epoch of Unix.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl de::Visitor<'_> for Text {
            type Value = Timestamp;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a time such as 2026-11-23T02:04:05Z")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_time() -> impl Strategy<Value = Timestamp> {
        // jiff ends a day and two hours before the last year does.
        (Timestamp::MIN.second..=jiff::Timestamp::MAX.as_second(), prop_oneof![Just(0), 0..1_000_000_000_u32])
            .prop_map(|(second, nanosecond)| Timestamp { second, nanosecond })
    }

    fn jiffs(time: Timestamp) -> jiff::Timestamp {
        jiff::Timestamp::new(time.second, time.nanosecond as i32).unwrap()
    }

    proptest! {
        #[test]
        fn a_time_is_written_as_jiff_writes_it(time in any_time(), precision in 0..=9_usize) {
            prop_assert_eq!(time.to_string(), jiffs(time).to_string());
            prop_assert_eq!(format!("{time:.precision$}"), format!("{:.precision$}", jiffs(time)));
        }

        #[test]
        fn what_was_written_is_read(time in any_time()) {
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }

        #[test]
        fn a_time_in_any_zone_is_read_as_jiff_reads_it(
            time in any_time(), zone in "[+-](0[0-9]|1[0-9]|2[0-3])(:?[0-5][0-9])?", precision in 0..=9_usize
        ) {
            let text = format!("{time:.precision$}").replace('Z', &zone);
            // At either end of time a zone leads beyond it.
            if let Ok(ours) = text.parse::<Timestamp>() && ours.second <= jiff::Timestamp::MAX.as_second() {
                prop_assert_eq!(jiffs(ours), text.parse::<jiff::Timestamp>().unwrap(), "{}", text);
            } else {
                prop_assert!(!(1..=9_998).contains(&text[..4].parse::<i32>().unwrap()), "{}", text);
            }
        }

        #[test]
        fn a_broken_text_is_refused_or_read_as_jiff_reads_it(time in any_time(), at in 0..20_usize, byte in "[ -~]") {
            let mut text = time.to_string();
            text.replace_range(at..=at, &byte);
            if let Ok(ours) = text.parse::<Timestamp>() {
                prop_assert_eq!(Ok(jiffs(ours)), text.parse::<jiff::Timestamp>().map_err(|_| ()), "{}", text);
            }
        }

        #[test]
        fn sums_and_differences_are_jiffs(one in any_time(), other in any_time()) {
            let length = one.duration_since(other);
            prop_assert_eq!(length, jiffs(one).duration_since(jiffs(other)));
            prop_assert_eq!(other + length, one);
            prop_assert_eq!(one - length, other);
            prop_assert_eq!(one.as_millisecond(), jiffs(one).as_nanosecond().div_euclid(1_000_000) as i64);
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in [
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-10T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-04-01T24:00:00Z",
            "2026-04-01T00:60:00Z",
            "2026-04-01T00:00:00",
            "2026-04-01",
            "",
            "now",
            "2026-04-01T00:00:00.Z",
            "2026-04-01T00:00:00Zx",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(InvalidTimestamp), "{text}");
        }
        assert_eq!("2024-02-29T00:00:00Z".parse::<Timestamp>().unwrap().to_string(), "2024-02-29T00:00:00Z");
    }
}
