//! What a fleet costs a month: unit prices that are stated in `prices.json`, times calls that a story measured into
//! `measured_calls.json`.

mod lines;
mod measured;
mod prices;

use std::fmt;

use serde::Serialize;

pub use lines::Line;
pub use measured::{FunctionUse, Measured, RequestUnits, Usage};
pub use prices::{PriceProblem, Prices};

/// The fleet, and what happens in a month.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Fleet {
    /// Vehicles on record.
    pub vehicles: u64,
    /// Vehicles that are provisioned by claim.
    pub provisioned: u64,
    /// Tries that are denied.
    pub denied: u64,
    /// Certificates that are revoked.
    pub revoked: u64,
    /// Claim certificates in use at once.
    pub claims: u64,
}

/// What it costs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cost {
    /// Where.
    pub region: String,
    /// When the prices were stated.
    pub prices_stated: String,
    /// What is to be known of the prices.
    pub note: String,
    /// For whom.
    pub fleet: Fleet,
    /// Service by service.
    pub lines: Vec<Line>,
    /// The sum, in US dollars a month.
    pub total_usd: f64,
}

/// Computes the cost of a month.
pub fn cost(region: &str, fleet: Fleet) -> Result<Cost, PriceProblem> {
    let prices = Prices::of(region)?;
    let lines = lines::lines(&prices, &Measured::recorded()?, fleet);
    Ok(Cost {
        region: region.to_owned(),
        prices_stated: prices.stated,
        note: prices.note,
        fleet,
        total_usd: lines.iter().map(|line| line.usd).sum(),
        lines,
    })
}

impl fmt::Display for Cost {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fleet { vehicles, provisioned, denied, revoked, claims } = self.fleet;
        writeln!(
            out,
            "{} vehicles in {}; a month: {} provisioned, {} denied, {} revoked, {} claim certificates\n",
            grouped(vehicles),
            self.region,
            grouped(provisioned),
            grouped(denied),
            grouped(revoked),
            grouped(claims)
        )?;
        writeln!(out, "{:<18} {:<34} {:>16} {:>12}", "service", "what", "how much", "USD a month")?;
        for Line { service, what, quantity, usd, .. } in &self.lines {
            writeln!(out, "{service:<18} {what:<34} {:>16} {usd:>12.2}", quantity_text(*quantity))?;
        }
        writeln!(out, "{:<18} {:<34} {:>16} {:>12.2}\n", "total", "", "", self.total_usd)?;
        writeln!(out, "Prices as of {}. {}", self.prices_stated, self.note)?;
        let open: Vec<&str> = self.lines.iter().filter(|line| !line.confirmed).map(|line| line.what.as_str()).collect();
        if !open.is_empty() {
            writeln!(out, "Not confirmed by a source: {}.", open.join(", "))?;
        }
        Ok(())
    }
}

fn quantity_text(quantity: f64) -> String {
    if quantity >= 100.0 { grouped(quantity.round() as u64) } else { format!("{quantity:.2}") }
}

/// A number with a comma before every three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fleet(vehicles: u64, provisioned: u64) -> Fleet {
        Fleet { vehicles, provisioned, denied: 0, revoked: 0, claims: 1 }
    }

    fn total(fleet: Fleet) -> f64 {
        cost("us-east-1", fleet).expect("a cost").total_usd
    }

    #[test]
    fn every_provisioning_costs_the_same_and_an_idle_stack_only_its_fixed_parts() {
        let idle = total(fleet(0, 0));
        assert!(idle > 0.0, "{idle}");
        let (one, two) = (total(fleet(0, 1_000_000)) - idle, total(fleet(0, 2_000_000)) - idle);
        assert!(one > 0.0 && (two - 2.0 * one).abs() < 0.01, "{one} {two}");
        assert!(total(fleet(1_000_000, 0)) > idle);
        let more_claims = Fleet { claims: 11, ..fleet(0, 0) };
        assert!((total(more_claims) - idle - 4.0).abs() < 1e-9);
    }

    #[test]
    fn a_region_without_prices_names_those_that_have_some() {
        let problem = cost("mars-north-1", fleet(1, 1)).expect_err("no prices").to_string();
        assert!(problem.contains("eu-central-1") && problem.contains("us-east-1"), "{problem}");
    }

    #[test]
    fn the_worked_example_in_the_documentation_is_what_the_command_prints() {
        let example = Fleet { vehicles: 100_000, provisioned: 8_333, denied: 833, revoked: 83, claims: 3 };
        let printed = cost("eu-central-1", example).expect("a cost").to_string();
        let written = include_str!("../../../../docs/cost.md");
        for line in printed.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            assert!(written.contains(line), "docs/cost.md lacks the line\n{line}\nof\n{printed}");
        }
    }

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(12), "12");
    }
}
