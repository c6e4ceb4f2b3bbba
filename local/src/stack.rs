//! Starting everything in its order, and stopping it in the other.

use std::path::Path;

use anyhow::{Context, Result};
use aws::Credentials;
use deploy::StackOutputs;

use crate::access_key::kept_or_new_access_key;
use crate::administrator::administrator;
use crate::deployment::deploy_into;
use crate::kept_state::KeptState;
use crate::ministack::Ministack;
use crate::private_file::write_private;
use crate::process::RunningProcess;
use crate::worker::{check_build, console_url, start_worker};
use crate::{Configuration, StackJson, demo_fleet};

/// A running local stack. Dropping it stops it as [`Stack::stop`] does.
pub struct Stack {
    /// Addresses, names and keys, as `stack.json` has them.
    pub json: StackJson,
    // In the order in which they are stopped: the Worker calls the stand-in, and the state is free when both are gone.
    worker: RunningProcess,
    ministack: Ministack,
    state: KeptState,
}

impl Stack {
    /// Starts the stack and returns when the console answers. `progress` is told every step, one line each.
    ///
    /// The error is a sentence for whoever runs it; what was started is stopped by then. So it is when the returned
    /// future is dropped.
    pub async fn start(configuration: &Configuration, progress: impl Fn(&str)) -> Result<Self> {
        check_build(&configuration.build.wrangler_configuration)?;
        let state = KeptState::take(&configuration.state)?;
        configuration.ports.check()?;
        if state.was_interrupted {
            progress("the last run was not stopped in order: what it changed in the stand-in for AWS may be lost");
        }
        progress("starting the stand-in for AWS");
        let ministack = Ministack::start(configuration, &state).await?;
        let admin = administrator(&ministack, &state.path("administrator.json")).await?;
        progress("deploying the CloudFormation stack");
        let deployed = deploy_into(configuration, &ministack, &admin, &progress).await?;
        let console_key = console_key(&ministack, &admin, &deployed, &state.path("console-key.json")).await?;
        progress("starting the Worker");
        let endpoint = ministack.endpoint().to_owned();
        let worker = start_worker(configuration, &state, &deployed, &endpoint, &console_key).await?;
        let root_ca = state.path("root-ca.pem");
        std::fs::write(&root_ca, ministack.root_ca().await?).context("cannot write the root certificate")?;
        let json = stack_json(configuration, &deployed, endpoint, admin.clone(), &root_ca);
        if configuration.demo_fleet {
            demo_fleet::send_once(&json, &ministack.aws_as(&admin), &state.path("demo-fleet"), &progress).await?;
        }
        let stack = Stack { json, worker, ministack, state };
        write_private(&stack.state.path("stack.json"), &serde_json::to_string_pretty(&stack.json)?)?;
        Ok(stack)
    }

    /// Waits until a part of the stack ends by itself, which none should. The error says which, with its log's end.
    pub async fn part_ended(&mut self) -> anyhow::Error {
        tokio::select! {
            end = self.worker.ended() => end,
            end = self.ministack.process.ended() => end,
        }
    }

    /// Stops everything that was started, in order, and returns when it is gone and the state is written.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // What it says is true no longer. The parts stop as they are dropped.
        let _ = std::fs::remove_file(self.state.path("stack.json"));
    }
}

/// The key of the IAM user that the deployment made for the console's API.
async fn console_key(
    ministack: &Ministack,
    admin: &Credentials,
    deployed: &StackOutputs,
    file: &Path,
) -> Result<Credentials> {
    let authority = ministack.aws_as(admin);
    kept_or_new_access_key(file, &deployed.console_user_name, &authority, |key| ministack.aws_as(key))
        .await
        .context("the console's API got no access key")
}

fn stack_json(
    configuration: &Configuration,
    deployed: &StackOutputs,
    aws_endpoint: String,
    admin: Credentials,
    root_ca: &Path,
) -> StackJson {
    let console = console_url(configuration.ports.console);
    StackJson {
        api: format!("{console}/api"),
        console,
        aws_endpoint,
        region: configuration.region.clone(),
        access_key_id: admin.access_key_id,
        secret_access_key: admin.secret_access_key,
        mqtt_host: "localhost".to_owned(),
        mqtt_port: configuration.ports.mqtt,
        root_ca: root_ca.to_owned(),
        claim_secret_id: deployed.claim_secret_id.clone(),
        template_name: deployed.template_name.clone(),
        authorized_vehicles_table: deployed.authorized_vehicles_table.clone(),
        provisioned_vehicles_table: deployed.provisioned_vehicles_table.clone(),
        provisioning_attempts_table: deployed.provisioning_attempts_table.clone(),
    }
}
