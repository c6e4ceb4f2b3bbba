//! Coming to rest, and what must be true then.

use shared::CertificateStatus;

use super::law::{Broken, Law};
use super::play::Play;
use super::process::Purpose;

/// Whoever fails again and again is told from whoever needs a few tries.
const ROUNDS: usize = 1_000;

impl Play {
    /// Everything that is under way ends, everything that failed is repeated, every event is delivered, and every vehicle
    /// that can connect reports once.
    pub fn come_to_rest(&mut self) -> Result<(), Broken> {
        self.finish()?;
        for id in self.world.active() {
            self.start(Purpose::Report(id));
        }
        self.finish()?;
        self.is_at_rest()
    }

    fn finish(&mut self) -> Result<(), Broken> {
        for _ in 0..ROUNDS {
            if self.is_quiet() {
                return Ok(());
            }
            self.calm()?;
        }
        Err(Law::ComesToRest.broken(format!("never comes to rest: {:?} {:?}", self.events, self.to_repeat)))
    }

    /// Whether nothing is under way, nothing waits to be delivered and nothing waits to be repeated.
    pub fn is_quiet(&self) -> bool {
        self.running.is_empty() && self.registrations.is_empty() && self.to_repeat.is_empty() && self.events.is_empty()
    }

    /// Ends something that is under way, or else takes up the next thing that waits.
    pub fn calm(&mut self) -> Result<(), Broken> {
        self.world_mut().tick();
        if !self.running.is_empty() {
            return self.run_through(0);
        }
        if !self.registrations.is_empty() {
            self.register(0);
            return Ok(());
        }
        self.press_again();
        self.deliver(0, false);
        Ok(())
    }

    /// What must be true when everything is at rest.
    pub fn is_at_rest(&self) -> Result<(), Broken> {
        let active = self.world.active();
        if active.len() > 1 {
            return Err(Law::OneIsActive.broken(format!("{} certificates are active", active.len())));
        }
        self.world.tables_agree().map_err(|what| Law::TablesTellTheTruth.broken(what))?;
        if let Some(id) = self.ledger.all_revoked().find(|id| active.contains(id)) {
            return Err(Law::RevokedStaysOut.broken(format!("the revoked certificate {id} is active")));
        }
        let row_says_active =
            self.world.provisioned.values().filter(|row| row.certificate_status == CertificateStatus::Active).count();
        if row_says_active != active.len() {
            let what = format!("{row_says_active} rows say active, {} certificates are", active.len());
            return Err(Law::TablesTellTheTruth.broken(what));
        }
        if self.ledger.is_in_use() && active.is_empty() {
            return Err(Law::NobodyIsStranded.broken("a vehicle that no operator put out has no certificate"));
        }
        Ok(())
    }
}
