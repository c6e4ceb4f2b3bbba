//! Running the program as a script would.

use std::path::Path;
use std::process::{Command, Stdio};

/// What a run of the program left behind.
#[derive(Debug)]
pub struct Outcome {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    /// Asserts the documented shape of a failure: the status, nothing on standard output, one line on standard error.
    #[track_caller]
    pub fn assert_failed(&self, status: i32, sentence_holds: &str) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.stdout, "", "{self:?}");
        assert_eq!(self.stderr.lines().count(), 1, "{self:?}");
        assert!(self.stderr.starts_with("vehicle: ") && self.stderr.contains(sentence_holds), "{self:?}");
    }
}

/// The program with none of this process's `VEHICLE_*` settings.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vehicle"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("VEHICLE_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

pub fn run(command: &mut Command) -> Outcome {
    let output = command.output().expect("the program can be started");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
    Outcome { status: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// `provision` with everything but the endpoint's port taken from the arguments.
pub fn provision(port: u16, claim: &Path, out: &Path) -> Command {
    let mut command = program();
    command.args(["provision", "--endpoint", "localhost", "--template", "vehicle-tests", "--port"]);
    command.arg(port.to_string()).arg("--claim").arg(claim).arg("--out").arg(out);
    command
}
