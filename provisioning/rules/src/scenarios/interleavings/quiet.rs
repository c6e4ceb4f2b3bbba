//! Coming to rest, and what must be true then.

use shared::CertificateStatus;

use super::play::{Broken, Play};
use super::process::{Process, Purpose};

/// Whoever fails again and again is told from whoever needs a few tries.
const ROUNDS: usize = 200;

impl Play {
    /// Everything that is under way ends, everything that failed is repeated, every event is delivered, and every vehicle
    /// that can connect reports once.
    pub fn come_to_rest(&mut self) -> Result<(), Broken> {
        self.finish()?;
        for id in self.world.active() {
            self.running.push(Process::new(Purpose::Report(id)));
        }
        self.finish()?;
        self.is_at_rest()
    }

    fn finish(&mut self) -> Result<(), Broken> {
        for _ in 0..ROUNDS {
            self.world.tick();
            while !self.running.is_empty() {
                self.run_through(0)?;
            }
            while !self.registrations.is_empty() {
                self.register(0);
            }
            self.press_again();
            self.deliver(0, false);
            if self.running.is_empty() {
                return Ok(());
            }
        }
        Err(format!("never comes to rest: {:?} {:?}", self.events, self.to_repeat))
    }

    fn is_at_rest(&self) -> Result<(), Broken> {
        let active = self.world.active();
        if active.len() > 1 {
            return Err(format!("{} certificates are active", active.len()));
        }
        self.world.tables_agree()?;
        if let Some(id) = self.ledger.all_revoked().find(|id| active.contains(id)) {
            return Err(format!("the revoked certificate {id} is active"));
        }
        let row_says_active =
            self.world.provisioned.values().filter(|row| row.certificate_status == CertificateStatus::Active).count();
        if row_says_active != active.len() {
            return Err(format!("{row_says_active} rows say active, {} certificates are", active.len()));
        }
        Ok(())
    }
}
