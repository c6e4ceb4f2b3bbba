//! One process we started, with everything it starts in turn.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};

use crate::left_over::note_started;

/// A running process and its log. Dropping it stops it and waits until it is gone.
pub(crate) struct RunningProcess {
    name: &'static str,
    child: Child,
    group: Pid,
    log: PathBuf,
    patience: Duration,
}

impl RunningProcess {
    /// Starts a command in a process group of its own, which a Ctrl-C in the terminal does not reach: it is stopped in
    /// order, and given `patience` to end by itself. `record` is where the group is noted, for the case that we are killed.
    pub(crate) fn start(
        name: &'static str,
        mut command: Command,
        log: &Path,
        record: &Path,
        patience: Duration,
    ) -> Result<Self> {
        let output = File::create(log).with_context(|| format!("cannot write the log {}", log.display()))?;
        let errors = output.try_clone().context("cannot write a log")?;
        command.stdin(Stdio::null()).stdout(output).stderr(errors).process_group(0);
        let child = command.spawn().with_context(|| {
            let program = command.as_std().get_program().to_string_lossy();
            format!("cannot start {program}: run this through local/setup/with-tools, as make does")
        })?;
        let group = child
            .id()
            .and_then(|id| i32::try_from(id).ok())
            .and_then(Pid::from_raw)
            .with_context(|| format!("{name} ended as soon as it was started"))?;
        let process = RunningProcess { name, child, group, log: log.to_owned(), patience };
        note_started(record, group)?;
        Ok(process)
    }

    /// Waits until the process ends by itself, and says so with the end of its log.
    pub(crate) async fn ended(&mut self) -> anyhow::Error {
        match self.child.wait().await {
            Ok(status) => self.unexpected_end(status),
            Err(error) => anyhow::Error::new(error).context(format!("{} cannot be watched", self.name)),
        }
    }

    /// What to say when something about the process went wrong while it ran.
    pub(crate) fn complaint(&self, problem: &str) -> anyhow::Error {
        anyhow::anyhow!("{} {problem}; the end of {}:\n{}", self.name, self.log.display(), self.log_tail())
    }

    fn unexpected_end(&self, status: ExitStatus) -> anyhow::Error {
        self.complaint(&format!("ended ({status})"))
    }

    fn log_tail(&self) -> String {
        const LINES: usize = 30;
        let text = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(LINES)..].join("\n")
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    fn wait_until_ended(&mut self, limit: Duration) -> bool {
        const PAUSE: Duration = Duration::from_millis(10);
        let deadline = Instant::now() + limit;
        while !self.has_ended() {
            if Instant::now() > deadline {
                return false;
            }
            std::thread::sleep(PAUSE);
        }
        true
    }
}

impl Drop for RunningProcess {
    // Blocking, because nothing may outlive us however we end: after a panic and in a cancelled start, too.
    fn drop(&mut self) {
        // An error means that the group has no process any more.
        let _ = kill_process_group(self.group, Signal::TERM);
        let ended = self.wait_until_ended(self.patience);
        let _ = kill_process_group(self.group, Signal::KILL);
        if !ended {
            self.wait_until_ended(Duration::from_secs(5));
            eprintln!("{} did not end within {} s and was killed", self.name, self.patience.as_secs());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[tokio::test]
    async fn a_process_that_ends_by_itself_is_reported_with_its_log() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let script = shell("echo the reason; exit 3");
        let record = folder.path().join("record");
        let mut process = RunningProcess::start("the thing", script, &log, &record, Duration::from_secs(5)).unwrap();
        let message = process.ended().await.to_string();
        assert!(message.contains("the thing") && message.contains("the reason") && message.contains('3'), "{message}");
    }

    #[tokio::test]
    async fn stopping_a_process_stops_what_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let (log, pid) = (folder.path().join("log"), folder.path().join("pid"));
        let script = shell(&format!("sleep 600 & echo $! > {0}.new; mv {0}.new {0}; wait", pid.display()));
        let record = folder.path().join("record");
        let process = RunningProcess::start("the thing", script, &log, &record, Duration::from_secs(5)).unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        while !pid.exists() {
            assert!(Instant::now() < deadline);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        drop(process);
        let grandchild = std::fs::read_to_string(&pid).unwrap().trim().parse().unwrap();
        let grandchild = Pid::from_raw(grandchild).unwrap();
        // Gone, or a zombie that its new parent has not collected yet.
        let state = std::fs::read_to_string(format!("/proc/{}/stat", grandchild.as_raw_nonzero())).unwrap_or_default();
        assert!(state.is_empty() || state.contains(") Z "), "{state}");
    }
}
