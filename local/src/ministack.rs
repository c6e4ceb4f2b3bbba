//! The stand-in for AWS: ministack, with what it lacks (`local/stand_in`).

use std::time::Duration;

use anyhow::Result;
use aws::{Aws, Credentials, NativeTransport};
use tokio::process::Command;

use crate::access_key::random_access_key;
use crate::kept_state::KeptState;
use crate::private_file::private_folder;
use crate::process::RunningProcess;
use crate::ready::until_ready;
use crate::{Configuration, http_client};

/// The package that starts ministack with what it lacks.
const STAND_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/stand_in");

/// What it may know of its caller's environment: where programs are, and its own two settings (see `local/stand_in`).
const PASSED_ON: [&str; 5] = ["PATH", "HOME", "LANG", "STAND_IN_DROP_AFTER_SECONDS", "STAND_IN_SECONDS_PER_DAY"];

/// The stand-in, running, and the key of its account's root.
pub(crate) struct Ministack {
    pub(crate) process: RunningProcess,
    root: Credentials,
    endpoint: String,
    region: String,
}

impl Ministack {
    /// Starts it on its kept state and waits until HTTP and MQTT answer.
    pub(crate) async fn start(configuration: &Configuration, kept: &KeptState) -> Result<Self> {
        // Drawn anew each time and never kept: it only serves to make the administrator.
        let root = random_access_key()?;
        let (state, temporary) = (kept.path("ministack"), kept.path("temporary"));
        private_folder(&state)?;
        private_folder(&temporary)?;
        let endpoint = format!("http://127.0.0.1:{}", configuration.ports.aws);
        let mut command = Command::new("python3");
        // -B: a checkout is not the place for compiled files, and these few are compiled in milliseconds.
        command.args(["-B", STAND_IN]);
        // Nothing of the caller's AWS settings or proxies may reach it or the functions it runs.
        command.env_clear();
        command.envs(PASSED_ON.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command
            .env("AUTH", "true")
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", configuration.ports.aws.to_string())
            .env("IOT_MTLS_PORT", configuration.ports.mqtt.to_string())
            .env("SFTP_ENABLED", "0")
            .env("MINISTACK_REGION", &configuration.region)
            .env("PERSIST_STATE", "1")
            .env("STATE_DIR", &state)
            .env("TMPDIR", &temporary)
            // The functions it runs find AWS by this.
            .env("AWS_ENDPOINT_URL", &endpoint)
            .env("AWS_ACCESS_KEY_ID", &root.access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", &root.secret_access_key);
        // It writes its state when it is asked to end, and only then.
        let patience = Duration::from_secs(30);
        let log = kept.path("logs/ministack.log");
        let mut process =
            RunningProcess::start("the stand-in for AWS (ministack)", command, &log, &kept.record(), patience)?;
        until_ready(&mut process, &format!("{endpoint}/_ministack/ready"), Duration::from_secs(60)).await?;
        Ok(Ministack { process, root, endpoint, region: configuration.region.clone() })
    }

    /// AWS's endpoint.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// AWS as seen by whoever holds these credentials.
    pub(crate) fn aws_as(&self, credentials: &Credentials) -> Aws<NativeTransport> {
        let endpoint = self.endpoint.clone();
        Aws::new(NativeTransport::new(Duration::from_secs(60)), &self.region, credentials.clone(), move |name| {
            (name == "AWS_ENDPOINT_URL").then(|| endpoint.clone())
        })
    }

    /// AWS as seen by the account's root.
    pub(crate) fn aws_as_root(&self) -> Aws<NativeTransport> {
        self.aws_as(&self.root)
    }

    /// The certificate, in PEM, that MQTT's server certificate is signed with.
    pub(crate) async fn root_ca(&self) -> Result<Vec<u8>> {
        http_client::page(&format!("{}/_ministack/iot/ca.pem", self.endpoint)).await
    }
}
