//! A stand-in for AWS of one test's own (the local stack's), and what the vehicle needs in it.

use std::env;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const REGION: &str = "eu-west-1";
const ACCESS_KEY_ID: &str = "administrator";
const SECRET_ACCESS_KEY: &str = "of-the-stand-in-only";
const LONGEST_START: Duration = Duration::from_secs(60);

/// A running stand-in; dropping it stops it.
pub struct StandIn {
    process: Child,
    python: PathBuf,
    gateway_port: u16,
    pub mqtt_port: u16,
    pub place: TempDir,
}

impl StandIn {
    /// Starts one that checks signatures and policies, and prepares it.
    pub fn start() -> Self {
        let python = find_python();
        let place = tempfile::tempdir().expect("a folder can be made");
        let (gateway_port, mqtt_port) = free_ports();
        let log = std::fs::File::create(place.path().join("log")).expect("a log can be made");
        let process = with_credentials(&mut Command::new(&python))
            .arg("-B")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../local/stand_in"))
            .env("AUTH", "true")
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", gateway_port.to_string())
            .env("IOT_MTLS_PORT", mqtt_port.to_string())
            .env("MINISTACK_REGION", REGION)
            .env("STATE_DIR", place.path().join("state"))
            .env("PERSIST_STATE", "0")
            .env("STAND_IN_DROP_AFTER_SECONDS", "0.5")
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("the log can be shared"))
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{} cannot be started: {error}", python.display()));
        let mut stand_in = Self { process, python, gateway_port, mqtt_port, place };
        stand_in.wait_until_ready();
        let port = stand_in.mqtt_port.to_string();
        let folder = stand_in.place.path().to_string_lossy().into_owned();
        stand_in.python("set_up_stand_in.py", &[&port, &folder]);
        stand_in
    }

    pub fn claim(&self) -> PathBuf {
        self.place.path().join("claim.json")
    }

    /// A claim with the policy of an existing CMS deployment, which covers no certificate signing requests.
    pub fn cms_claim(&self) -> PathBuf {
        self.place.path().join("cms_claim.json")
    }

    pub fn root_ca(&self) -> PathBuf {
        self.place.path().join("root_ca.pem")
    }

    pub fn set_certificate_status(&self, certificate_id: &str, status: &str) {
        self.python("set_certificate_status.py", &[certificate_id, status]);
    }

    /// Cuts the live connection of a client, as an operator does.
    pub fn cut_connection(&self, client_id: &str) {
        self.python("cut_connection.py", &[client_id]);
    }

    fn wait_until_ready(&mut self) {
        let deadline = Instant::now() + LONGEST_START;
        while !self.is_ready() {
            let log = || std::fs::read_to_string(self.place.path().join("log")).unwrap_or_default();
            if let Ok(Some(status)) = self.process.try_wait() {
                panic!("the stand-in ended ({status}) before it was ready:\n{}", log());
            }
            assert!(Instant::now() < deadline, "the stand-in is not ready after {LONGEST_START:?}:\n{}", log());
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn is_ready(&self) -> bool {
        let Ok(mut connection) = TcpStream::connect(("127.0.0.1", self.gateway_port)) else { return false };
        let mut answer = String::new();
        let asked = connection
            .set_read_timeout(Some(Duration::from_secs(5)))
            .and_then(|()| connection.write_all(b"GET /_ministack/ready HTTP/1.0\r\nHost: localhost\r\n\r\n"))
            .and_then(|()| connection.read_to_string(&mut answer));
        asked.is_ok() && answer.contains("\"iot_mtls\": \"listening\"")
    }

    fn python(&self, script: &str, arguments: &[&str]) {
        let output = with_credentials(&mut Command::new(&self.python))
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(script))
            .arg(format!("http://127.0.0.1:{}", self.gateway_port))
            .args(arguments)
            .output()
            .unwrap_or_else(|error| panic!("{} cannot be started: {error}", self.python.display()));
        assert!(output.status.success(), "{script} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        // Asked first, so that it can end the functions it runs; ended for good if it does not.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let deadline = Instant::now() + Duration::from_secs(10);
        while matches!(self.process.try_wait(), Ok(None)) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The Python that has ministack and the AWS client.
fn find_python() -> PathBuf {
    let folders = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&folders)
        .find(|folder| folder.join("ministack").is_file())
        .map(|folder| folder.join("python3"))
        .unwrap_or_else(|| panic!("ministack is not on PATH: run make test, which installs it"))
}

fn with_credentials(command: &mut Command) -> &mut Command {
    command
        .env("AWS_REGION", REGION)
        .env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY)
        .env_remove("AWS_SESSION_TOKEN")
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_ENDPOINT_URL")
}

/// Two ports free at this moment; both are held until both are known, or they could be the same.
fn free_ports() -> (u16, u16) {
    let listen = || TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = |listener: &TcpListener| listener.local_addr().expect("the listener has an address").port();
    let (first, second) = (listen(), listen());
    (port(&first), port(&second))
}
