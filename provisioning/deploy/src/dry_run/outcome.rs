//! What a dry run found, for people and for programs.

use std::fmt;

use provisioning_rules::{Difference, ReplayReport};
use provisioning_template::PolicyDifference;
use serde::Serialize;
use shared::Timestamp;

/// How the proposed rules differ from the deployed ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DryRun {
    /// From when on attempts were replayed.
    pub since: Timestamp,
    /// The deployed VIN pattern.
    pub present_vin_pattern: String,
    /// The proposed VIN pattern.
    pub proposed_vin_pattern: String,
    /// What the attempts come to.
    pub report: ReplayReport,
    /// How the vehicle policy differs; `None` where it would not be deployed.
    pub policy: Option<PolicyDifference>,
    /// What deserves a look, whatever differs.
    pub warnings: Vec<String>,
}

impl DryRun {
    /// Whether anything would be different.
    pub fn is_different(&self) -> bool {
        let pattern = self.present_vin_pattern != self.proposed_vin_pattern;
        pattern || !self.report.is_empty() || self.policy.as_ref().is_some_and(|policy| !policy.is_empty())
    }
}

impl fmt::Display for DryRun {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ReplayReport { attempts, unchanged, differences, .. } = &self.report;
        writeln!(
            formatter,
            "{attempts} attempts since {:.0} were replayed: {unchanged} come to the same, {} to something else.",
            self.since,
            attempts - unchanged
        )?;
        if self.present_vin_pattern != self.proposed_vin_pattern {
            writeln!(formatter, "\nVIN pattern\n  - {}\n  + {}", self.present_vin_pattern, self.proposed_vin_pattern)?;
        }
        for difference in differences {
            show(formatter, difference)?;
        }
        match &self.policy {
            Some(policy) if !policy.is_empty() => {
                writeln!(formatter, "\nVehicle policy: {} statements stay", policy.unchanged)?;
                policy.removed.iter().try_for_each(|statement| writeln!(formatter, "  - {statement}"))?;
                policy.added.iter().try_for_each(|statement| writeln!(formatter, "  + {statement}"))?;
            }
            _ => {}
        }
        if !self.is_different() {
            writeln!(formatter, "No difference.")?;
        }
        for warning in &self.warnings {
            writeln!(formatter, "\nWarning: {warning}")?;
        }
        Ok(())
    }
}

fn show(formatter: &mut fmt::Formatter<'_>, difference: &Difference) -> fmt::Result {
    match difference.attempts {
        0 => writeln!(formatter, "\nAny vehicle that is let in {}", difference.kind)?,
        1 => writeln!(formatter, "\n1 attempt {}", difference.kind)?,
        count => writeln!(formatter, "\n{count} attempts, each {}", difference.kind)?,
    }
    for example in &difference.examples {
        // The attempt's time is enough to find it by; it is the beginning of its id.
        let at = example.attempt_id.as_ref().and_then(|id| id.as_str().split('#').next()).unwrap_or("for example");
        let presented = example.presented_vin.as_deref().unwrap_or("(no VIN)");
        writeln!(formatter, "  {at} {presented:?}: {} -> {}", example.before, example.after)?;
    }
    let more = difference.attempts.saturating_sub(difference.examples.len());
    if more > 0 {
        writeln!(formatter, "  and {more} more")?;
    }
    Ok(())
}
