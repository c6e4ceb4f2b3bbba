//! A device built on the AWS IoT Device SDK for Python, which shares no code with this project.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::World;

/// One vehicle's device: a folder with its identity.
pub struct Device<'a> {
    world: &'a World,
    vin: String,
    identity: PathBuf,
}

/// A device that stays connected until it is dropped.
pub struct Connected {
    process: Child,
    told: Lines<BufReader<ChildStdout>>,
}

impl<'a> Device<'a> {
    /// The device of this vehicle.
    pub fn new(world: &'a World, vin: &str) -> Self {
        Device { world, vin: vin.to_owned(), identity: world.folder.join("devices").join(vin) }
    }

    /// Another device that gives itself out for this vehicle, under a name of its own.
    pub fn at(world: &'a World, vin: &str, name: &str) -> Self {
        Device { world, vin: vin.to_owned(), identity: world.folder.join("devices").join(format!("{vin}-{name}")) }
    }

    /// Somebody puts a certificate and its key on the device.
    pub fn takes(&self, certificate_id: &str, certificate_pem: &str, private_key_pem: &str) -> Result<()> {
        std::fs::create_dir_all(&self.identity)?;
        let identity = serde_json::json!({
            "vin": self.vin, "thing_name": format!("Vehicle_{}", self.vin), "certificate_id": certificate_id,
        });
        std::fs::write(self.identity.join("identity.json"), identity.to_string())?;
        std::fs::write(self.identity.join("certificate.pem"), certificate_pem)?;
        std::fs::write(self.identity.join("private.key"), private_key_pem)?;
        Ok(())
    }

    /// Provisions itself by claim. The certificate's id, or the SDK's rejection.
    pub async fn provision(&self) -> Result<Result<String, Value>> {
        self.provision_with(&[]).await
    }

    /// The same, with these arguments too.
    pub async fn provision_with(&self, more: &[&str]) -> Result<Result<String, Value>> {
        let out = self.identity.to_str().context("a path in UTF-8")?;
        let events = self.run(&[&["provision", "--vin", &self.vin, "--out", out], more].concat()).await?;
        if let Some(provisioned) = event(&events, "provisioned") {
            return Ok(Ok(provisioned["certificate_id"].as_str().context("a certificate id")?.to_owned()));
        }
        event(&events, "rejected")
            .cloned()
            .map(Err)
            .with_context(|| format!("neither provisioned nor rejected: {events:?}"))
    }

    /// Connects with its own certificate and reports itself active, or the SDK's rejection.
    pub async fn connect(&self) -> Result<Result<(), Value>> {
        let identity = self.identity.to_str().context("a path in UTF-8")?;
        let events = self.run(&["connect", "--identity", identity]).await?;
        if event(&events, "reported_active").is_some() {
            return Ok(Ok(()));
        }
        event(&events, "rejected")
            .cloned()
            .map(Err)
            .with_context(|| format!("neither connected nor rejected: {events:?}"))
    }

    /// Connects, reports itself active and stays.
    pub async fn stay_connected(&self) -> Result<Connected> {
        let identity = self.identity.to_str().context("a path in UTF-8")?;
        let mut process = self.command(&["connect", "--identity", identity, "--stay"]).spawn()?;
        let mut lines = BufReader::new(process.stdout.take().context("its output")?).lines();
        while let Some(line) = lines.next_line().await? {
            let told: Value = serde_json::from_str(&line)?;
            match told["event"].as_str() {
                Some("reported_active") => return Ok(Connected { process, told: lines }),
                Some("rejected" | "failed") => bail!("it could not connect: {told}"),
                _ => {}
            }
        }
        bail!("it ended before it was connected")
    }

    async fn run(&self, arguments: &[&str]) -> Result<Vec<Value>> {
        let output = self.command(arguments).output().await.context("python3 cannot be started")?;
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let events: Vec<Value> = told.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        if let Some(failed) = event(&events, "failed") {
            bail!("the device failed: {failed}");
        }
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(matches!(output.status.code(), Some(0 | 1)), "the device ended with {}: {complaint}", output.status);
        Ok(events)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/device_sdk/device.py");
        let mut command = Command::new("python3");
        command
            .arg(script)
            .arg("--stack")
            .arg(self.world.stack_file())
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }
}

impl Connected {
    /// Waits until the broker ends the connection; the SDK's word for it.
    pub async fn is_cut_off(&mut self) -> Result<String> {
        while let Some(line) = self.told.next_line().await? {
            let told: Value = serde_json::from_str(&line)?;
            if told["event"] == "interrupted" {
                return Ok(told["error"].as_str().unwrap_or_default().to_owned());
            }
        }
        bail!("it ended without having been cut off")
    }

    /// Ends the connection.
    pub async fn leave(mut self) -> Result<()> {
        self.process.kill().await?;
        Ok(())
    }
}

fn event<'e>(events: &'e [Value], name: &str) -> Option<&'e Value> {
    events.iter().find(|told| told["event"] == name)
}
