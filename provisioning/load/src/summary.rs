//! What came of a load test.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Add;
use std::time::Duration;

use serde::Serialize;

use crate::outcome::{Outcome, Told};
use crate::{Count, Percentiles, Plan, VinChoice};

/// What vehicles of one VIN that come too late are told: somebody is in, or somebody is on the way.
const TOO_LATE: [&str; 2] = ["ALREADY_PROVISIONED", "ANOTHER_PROVISIONING_UNDER_WAY"];

/// The result of a load test.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// How many vehicles were wanted.
    pub vehicles: u32,
    /// Which VINs they had.
    pub vin: VinChoice,
    /// How the VINs of this run begin, and those of no other.
    pub vins_begin_with: String,
    /// How many were on their way at a time, at most.
    pub concurrency: u32,
    /// How many RegisterThing a second were allowed.
    pub rate_limit: u32,
    /// For how long vehicles were on their way, in seconds.
    pub seconds: f64,
    /// Verdicts a second.
    pub rate: f64,
    /// Vehicles whose certificate was registered.
    pub allowed: u64,
    /// Vehicles that were denied, by the reason on record; by the code they were told where no record can be read.
    pub denied: BTreeMap<String, u64>,
    /// Vehicles that got no verdict, by kind.
    pub errors: BTreeMap<&'static str, u64>,
    /// One error of each kind, as a sentence.
    pub error_samples: BTreeMap<&'static str, String>,
    /// Vehicles that were not sent, because the test was asked to end.
    pub not_started: u64,
    /// The whole provisioning, from connecting with the claim to the verdict; `None` without verdicts.
    pub provisioning: Option<Percentiles>,
    /// RegisterThing with its hook, to the verdict.
    pub register_thing: Option<Percentiles>,
    /// What is active when things are quiet.
    pub quiet: Count,
    /// What was removed; `None` where nothing was to be.
    pub cleaned: Option<Cleaned>,
    /// Whether the test was asked to end before it was done.
    pub interrupted: bool,
    /// What should not have happened, a sentence each. Empty is success.
    pub unexpected: Vec<String>,
}

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cleaned {
    /// Certificates of the test's vehicles.
    pub certificates: u64,
    /// Things.
    pub things: u64,
    /// Rows of the three tables.
    pub rows: u64,
}

impl Add for Cleaned {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Cleaned {
            certificates: self.certificates + other.certificates,
            things: self.things + other.things,
            rows: self.rows + other.rows,
        }
    }
}

impl Summary {
    /// Sums up what the vehicles were told and what is active afterwards.
    pub fn of(plan: &Plan, told: &[Told], elapsed: Duration, reasons: BTreeMap<String, u64>, quiet: Count) -> Self {
        let times: Vec<_> = told.iter().filter_map(|one| one.outcome.times()).collect();
        let mut summary = Summary {
            vehicles: plan.vehicles,
            vin: plan.vin,
            vins_begin_with: String::new(),
            concurrency: plan.concurrency.get(),
            rate_limit: plan.rate.get(),
            seconds: elapsed.as_secs_f64(),
            rate: times.len() as f64 / elapsed.as_secs_f64().max(f64::MIN_POSITIVE),
            allowed: 0,
            denied: reasons,
            errors: BTreeMap::new(),
            error_samples: BTreeMap::new(),
            not_started: 0,
            provisioning: Percentiles::of(times.iter().map(|times| times.whole).collect()),
            register_thing: Percentiles::of(times.iter().map(|times| times.registering).collect()),
            quiet,
            cleaned: None,
            interrupted: false,
            unexpected: Vec::new(),
        };
        let mut codes: BTreeMap<String, u64> = BTreeMap::new();
        for one in told {
            match &one.outcome {
                Outcome::Allowed(_) => summary.allowed += 1,
                Outcome::Denied(_, code) => *codes.entry(code.clone()).or_default() += 1,
                Outcome::Failed { kind, sentence } => {
                    *summary.errors.entry(kind).or_default() += 1;
                    summary.error_samples.entry(kind).or_insert_with(|| sentence.clone());
                }
                Outcome::NotStarted => summary.not_started += 1,
            }
        }
        let reasons_told = codes.values().sum::<u64>();
        if summary.denied.is_empty() {
            summary.denied = codes;
        }
        summary.unexpected = summary.judge(reasons_told);
        summary
    }

    /// Whether nothing happened that should not have.
    pub fn is_as_expected(&self) -> bool {
        self.unexpected.is_empty()
    }

    fn judge(&self, denied: u64) -> Vec<String> {
        let mut unexpected = Vec::new();
        let quiet = &self.quiet;
        for vin in &quiet.vins_with_two_active {
            unexpected.push(format!("the VIN {vin} has two active certificates"));
        }
        for (vin, problem) in &quiet.restless_vins {
            unexpected.push(format!("the VIN {vin} did not come to rest: {problem}"));
        }
        for (kind, count) in &self.errors {
            let sample = self.error_samples.get(kind).map_or("", String::as_str);
            unexpected.push(format!("{count} got no verdict ({kind}), for example: {sample}"));
        }
        match self.vin {
            VinChoice::Many => {
                if denied > 0 {
                    unexpected.push(format!("{denied} were denied, and every VIN was authorized"));
                }
                if self.allowed != quiet.vins_with_one_active as u64 {
                    let one = quiet.vins_with_one_active;
                    unexpected.push(format!("{} were let in and {one} VINs have one active certificate", self.allowed));
                }
            }
            VinChoice::Same => {
                let sent = self.allowed + denied + self.errors.values().sum::<u64>();
                if sent > 0 && quiet.active_certificates != 1 {
                    let active = quiet.active_certificates;
                    unexpected.push(format!("the one VIN has {active} active certificates and should have one"));
                }
                for (reason, count) in &self.denied {
                    let is_known_code = reason == "AccessDenied";
                    if !is_known_code && !TOO_LATE.contains(&reason.as_str()) {
                        unexpected.push(format!("{count} were denied as {reason}"));
                    }
                }
            }
        }
        unexpected
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let vins = match self.vin {
            VinChoice::Same => "all with the same VIN",
            VinChoice::Many => "each with its own VIN",
        };
        writeln!(
            formatter,
            "{} vehicles, {vins}; at most {} at a time and {} RegisterThing a second",
            self.vehicles, self.concurrency, self.rate_limit
        )?;
        writeln!(formatter, "  VINs            {}...", self.vins_begin_with)?;
        writeln!(formatter, "  rate            {:.1} a second over {:.1} s", self.rate, self.seconds)?;
        writeln!(formatter, "  allowed         {}", self.allowed)?;
        count(formatter, "denied", self.denied.iter())?;
        count(formatter, "errors", self.errors.iter())?;
        if self.not_started > 0 {
            writeln!(formatter, "  not sent        {}", self.not_started)?;
        }
        times(formatter, "provisioning", self.provisioning)?;
        times(formatter, "RegisterThing", self.register_thing)?;
        writeln!(
            formatter,
            "  when quiet      {} ACTIVE; VINs with one ACTIVE certificate: {}, with two: {}",
            self.quiet.active_certificates,
            self.quiet.vins_with_one_active,
            self.quiet.vins_with_two_active.len()
        )?;
        if let Some(cleaned) = self.cleaned {
            let Cleaned { certificates, things, rows } = cleaned;
            writeln!(formatter, "  removed         {certificates} certificates, {things} things, {rows} rows")?;
        }
        if self.interrupted {
            writeln!(formatter, "  interrupted     the numbers are those of the vehicles that were sent")?;
        }
        for sentence in &self.unexpected {
            writeln!(formatter, "  UNEXPECTED      {sentence}")?;
        }
        Ok(())
    }
}

fn count<'a>(
    formatter: &mut fmt::Formatter<'_>,
    name: &str,
    counts: impl Iterator<Item = (impl fmt::Display + 'a, &'a u64)>,
) -> fmt::Result {
    let (mut sum, mut parts) = (0, Vec::new());
    for (what, count) in counts {
        sum += count;
        parts.push(format!("{count} {what}"));
    }
    let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
    writeln!(formatter, "  {name:<15} {sum}{parts}")
}

fn times(formatter: &mut fmt::Formatter<'_>, name: &str, times: Option<Percentiles>) -> fmt::Result {
    let Some(times) = times else { return writeln!(formatter, "  {name:<15} nothing to measure") };
    let milliseconds = |time: Duration| format!("{:.0} ms", time.as_secs_f64() * 1000.0);
    let (p50, p90, p99) = (milliseconds(times.p50), milliseconds(times.p90), milliseconds(times.p99));
    writeln!(formatter, "  {name:<15} p50 {p50}, p90 {p90}, p99 {p99}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Times;
    use shared::Vin;
    use std::num::NonZeroU32;

    fn plan(vin: VinChoice) -> Plan {
        let one = NonZeroU32::MIN;
        Plan { vehicles: 2, vin, concurrency: one, rate: one, keys: vehicle::Keys::default(), clean: false }
    }

    fn told(number: u32, outcome: Outcome) -> Told {
        Told { vin: Vin::try_from(format!("L0ADAAAAAAA{number:06}")).unwrap(), certificate_id: None, outcome }
    }

    fn allowed() -> Outcome {
        let time = Duration::from_millis(10);
        Outcome::Allowed(Times { whole: time, registering: time })
    }

    fn denied() -> Outcome {
        let time = Duration::from_millis(10);
        Outcome::Denied(Times { whole: time, registering: time }, "AccessDenied".to_owned())
    }

    fn sum(vin: VinChoice, told: &[Told], reasons: &[(&str, u64)], quiet: Count) -> Summary {
        let reasons = reasons.iter().map(|(reason, count)| ((*reason).to_owned(), *count)).collect();
        Summary::of(&plan(vin), told, Duration::from_secs(1), reasons, quiet)
    }

    fn active(certificates: usize, vins: usize) -> Count {
        Count { active_certificates: certificates, vins_with_one_active: vins, ..Count::default() }
    }

    #[test]
    fn one_winner_of_one_vin_and_one_certificate_a_vehicle_are_as_expected() {
        let race = [told(0, allowed()), told(0, denied())];
        assert!(sum(VinChoice::Same, &race, &[("ALREADY_PROVISIONED", 1)], active(1, 1)).is_as_expected());
        // A vehicle that was let in and overtaken before it was registered is no second winner.
        let overtaken = [told(0, allowed()), told(0, allowed())];
        assert!(sum(VinChoice::Same, &overtaken, &[], active(1, 1)).is_as_expected());
        let fleet = [told(0, allowed()), told(1, allowed())];
        assert!(sum(VinChoice::Many, &fleet, &[], active(2, 2)).is_as_expected());
    }

    #[test]
    fn whatever_should_not_have_happened_is_said() {
        let race = [told(0, allowed()), told(0, denied())];
        let two = Count { vins_with_two_active: vec![race[0].vin.clone()], ..active(2, 0) };
        let restless = Count { restless_vins: [("V".to_owned(), "late".to_owned())].into(), ..active(1, 1) };
        let failed = Outcome::Failed { kind: "timed out", sentence: "it took too long".to_owned() };
        for (summary, sentence_holds) in [
            (sum(VinChoice::Same, &race, &[], two), "has two active certificates"),
            (sum(VinChoice::Same, &race, &[], active(0, 0)), "has 0 active certificates and should have one"),
            (sum(VinChoice::Same, &race, &[("VIN_MALFORMED", 1)], active(1, 1)), "1 were denied as VIN_MALFORMED"),
            (sum(VinChoice::Same, &race, &[], restless), "did not come to rest: late"),
            (sum(VinChoice::Many, &race, &[], active(1, 1)), "1 were denied, and every VIN was authorized"),
            (sum(VinChoice::Many, &[told(0, allowed())], &[], active(0, 0)), "1 were let in and 0 VINs"),
            (sum(VinChoice::Many, &[told(0, failed)], &[], active(0, 0)), "for example: it took too long"),
        ] {
            assert!(!summary.is_as_expected());
            assert!(summary.to_string().contains(sentence_holds), "{summary}");
        }
    }

    #[test]
    fn without_reasons_on_record_the_codes_are_counted() {
        let summary = sum(VinChoice::Same, &[told(0, allowed()), told(0, denied())], &[], active(1, 1));
        assert_eq!(summary.denied, BTreeMap::from([("AccessDenied".to_owned(), 1)]));
        assert!(summary.is_as_expected());
    }
}
