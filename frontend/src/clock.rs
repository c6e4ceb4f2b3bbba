//! Times in the operator's own time zone and words. The browser knows both, so no time zone data is shipped.

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::prelude::*;
use shared::{SignedDuration, Timestamp};
use wasm_bindgen::JsValue;

/// The browser's clock.
pub fn now() -> Timestamp {
    // A clock outside the years a timestamp can hold is set wrong beyond repair.
    Timestamp::from_millisecond(Date::now() as i64).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A time in the operator's time zone, such as `23 Nov 2026, 03:04`.
pub fn local(at: Timestamp) -> String {
    thread_local!(static FORMAT: Function = format("medium", Some("short")));
    FORMAT.with(|format| formatted(format, at))
}

/// A day in the operator's time zone, such as `31 Dec 2049`.
pub fn local_day(at: Timestamp) -> String {
    thread_local!(static FORMAT: Function = format("medium", None));
    FORMAT.with(|format| formatted(format, at))
}

/// A time of day in the operator's time zone, such as `03:04:05`.
pub fn local_time(at: Timestamp) -> String {
    thread_local!(static FORMAT: Function = {
        let options = Object::new();
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&options, &"timeStyle".into(), &"medium".into());
        Intl::DateTimeFormat::new(&Array::new(), &options).format()
    });
    FORMAT.with(|format| formatted(format, at))
}

/// A time in UTC to the second, such as `2026-11-23 02:04:05 UTC`.
pub fn utc(at: Timestamp) -> String {
    format!("{at:.0}").replace('T', " ").replace('Z', " UTC")
}

fn format(day: &str, time: Option<&str>) -> Function {
    let options = Object::new();
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&options, &"dateStyle".into(), &day.into());
    if let Some(time) = time {
        let _ = Reflect::set(&options, &"timeStyle".into(), &time.into());
    }
    Intl::DateTimeFormat::new(&Array::new(), &options).format()
}

fn formatted(format: &Function, at: Timestamp) -> String {
    let date = Date::new(&JsValue::from_f64(at.as_millisecond() as f64));
    format.call1(&JsValue::UNDEFINED, &date).ok().and_then(|text| text.as_string()).unwrap_or_else(|| utc(at))
}

/// How long ago, or how long until: `3 minutes ago`, `in 2 hours`.
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    let difference = at.duration_since(now);
    let (past, length) = (difference.is_negative(), difference.abs());
    if length < SignedDuration::from_secs(45) {
        return if past { "just now".to_owned() } else { "in a moment".to_owned() };
    }
    let words = roughly(length);
    if past { format!("{words} ago") } else { format!("in {words}") }
}

/// A length of time in its largest unit.
fn roughly(length: SignedDuration) -> String {
    let minutes = (length.as_secs() + 30) / 60;
    let (count, unit) = match minutes {
        ..90 => (minutes.max(1), "minute"),
        90..2_160 => ((minutes + 30) / 60, "hour"),
        2_160..86_400 => ((minutes + 720) / 1_440, "day"),
        86_400..1_051_200 => ((minutes + 21_600) / 43_200, "month"),
        _ => ((minutes + 262_800) / 525_600, "year"),
    };
    plural(count, unit)
}

/// What is left of a window, to the second: `1 d 03:59:59`, `14:59`.
pub fn countdown(left: SignedDuration) -> String {
    let seconds = left.as_secs().max(0);
    let (days, hours, minutes, seconds) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes}:{seconds:02}"),
        (0, _) => format!("{hours}:{minutes:02}:{seconds:02}"),
        _ => format!("{days} d {hours:02}:{minutes:02}:{seconds:02}"),
    }
}

/// `1 vehicle`, `2 vehicles`.
pub fn plural(count: i64, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// The time of a clock that goes as the browser's does and stands where the edge's stood at `reading`, renewed every
/// second. What the edge ends at a time is counted down by the edge's clock: an operator's may be wrong.
pub fn ticking(reading: impl Fn() -> Timestamp + Send + Sync + 'static) -> Signal<Timestamp> {
    let browser = RwSignal::new(now());
    let difference = Memo::new(move |_| reading().duration_since(now()));
    if let Ok(interval) = set_interval_with_handle(move || browser.set(now()), std::time::Duration::from_secs(1)) {
        on_cleanup(move || interval.clear());
    }
    Signal::derive(move || browser.get().saturating_add(difference.get()).unwrap_or_else(|_| browser.get()))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[wasm_bindgen_test]
    fn utc_is_written_to_the_second() {
        let with_fraction = "2026-11-23T02:04:05.987654321Z".parse().unwrap();
        assert_eq!(utc(with_fraction), "2026-11-23 02:04:05 UTC");
    }

    #[wasm_bindgen_test]
    fn local_time_is_the_browsers() {
        assert!(local(at(1_795_000_000)).contains("2026"), "{}", local(at(1_795_000_000)));
    }

    #[wasm_bindgen_test]
    fn lengths_of_time_read_as_a_person_says_them() {
        let now = at(1_795_000_000);
        for (seconds, words) in [
            (-10, "just now"),
            (-60, "1 minute ago"),
            (-3_600, "60 minutes ago"),
            (-7_200, "2 hours ago"),
            (-86_400 * 2, "2 days ago"),
            (-86_400 * 90, "3 months ago"),
            (86_400 * 365 * 23, "in 23 years"),
        ] {
            assert_eq!(relative(at(1_795_000_000 + seconds), now), words);
        }
    }

    #[wasm_bindgen_test]
    fn a_countdown_goes_to_the_second_and_not_below_zero() {
        assert_eq!(countdown(SignedDuration::from_secs(899)), "14:59");
        assert_eq!(countdown(SignedDuration::from_secs(3_600)), "1:00:00");
        assert_eq!(countdown(SignedDuration::from_secs(100_799)), "1 d 03:59:59");
        assert_eq!(countdown(SignedDuration::from_secs(-5)), "0:00");
    }
}
