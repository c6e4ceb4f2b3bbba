//! What an interrupted run left running, such as after the terminal was killed.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

/// The longest a left-over process may take to write its state and end.
const PATIENCE: Duration = Duration::from_secs(30);

/// Notes in `record` that we started this process group.
pub(crate) fn note_started(record: &Path, group: Pid) -> Result<()> {
    let Some(start) = start_of(group) else { return Ok(()) };
    let mut file = fs::OpenOptions::new().create(true).append(true).open(record).context("cannot note a process")?;
    writeln!(file, "{} {start}", group.as_raw_nonzero()).context("cannot note a process")
}

/// Ends the process groups that are in `record` and still the ones we started, and empties it. Whether there were any.
pub(crate) fn end_left_overs(record: &Path) -> bool {
    let text = fs::read_to_string(record).unwrap_or_default();
    let groups: Vec<Pid> = text.lines().filter_map(still_ours).collect();
    // In the order of a proper stop: the last one started first.
    for group in groups.iter().rev() {
        // An error means that the group is gone.
        let _ = kill_process_group(*group, Signal::TERM);
        let deadline = Instant::now() + PATIENCE;
        while test_kill_process_group(*group).is_ok() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = kill_process_group(*group, Signal::KILL);
    }
    let _ = fs::remove_file(record);
    !groups.is_empty()
}

/// The group of a line of the record, unless its number belongs to another process by now.
fn still_ours(line: &str) -> Option<Pid> {
    let (group, start) = line.split_once(' ')?;
    let group = Pid::from_raw(group.parse().ok()?)?;
    (start_of(group)? == start).then_some(group)
}

/// When the leader of a group started, in the kernel's ticks since boot: with its number, this names one process.
/// `None` where the system does not tell, and left-overs are then found by their busy ports.
fn start_of(group: Pid) -> Option<String> {
    let status = fs::read_to_string(format!("/proc/{}/stat", group.as_raw_nonzero())).ok()?;
    // The program's name, in parentheses, may hold spaces; the start is the twentieth field after it.
    status.rsplit_once(')')?.1.split_whitespace().nth(19).map(str::to_owned)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_left_over_is_ended_and_a_stranger_with_its_number_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let record = folder.path().join("processes");
        let mut ours = Command::new("sleep").arg("600").process_group(0).spawn().unwrap();
        let mut stranger = Command::new("sleep").arg("600").process_group(0).spawn().unwrap();
        note_started(&record, Pid::from_child(&ours)).unwrap();
        fs::write(&record, format!("{}{} 1\n", fs::read_to_string(&record).unwrap(), stranger.id())).unwrap();
        // Somebody has to collect it; in earnest that is the system.
        let collector = std::thread::spawn(move || ours.wait());
        assert!(end_left_overs(&record));
        assert!(!collector.join().unwrap().unwrap().success());
        assert!(stranger.try_wait().unwrap().is_none());
        stranger.kill().unwrap();
        stranger.wait().unwrap();
        assert!(!end_left_overs(&record));
    }
}
