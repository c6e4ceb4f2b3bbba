//! The Worker on workerd, serving the API and the console's files.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use aws::Credentials;
use deploy::StackOutputs;
use shared::api::Route;
use tokio::process::Command;

use crate::Configuration;
use crate::kept_state::KeptState;
use crate::private_file::write_private;
use crate::process::RunningProcess;
use crate::ready::until_ready;

/// Starts the Worker with its settings and waits until its API answers.
pub(crate) async fn start_worker(
    configuration: &Configuration,
    state: &KeptState,
    deployed: &StackOutputs,
    aws_endpoint: &str,
    key: &Credentials,
) -> Result<RunningProcess> {
    let settings = state.path("worker.env");
    write_private(&settings, &settings_text(&worker_settings(configuration, deployed, aws_endpoint, key))?)?;
    let mut command = Command::new("wrangler");
    command
        .args(["dev", "--local", "--ip", "127.0.0.1", "--inspector-port", "0", "--log-level", "info"])
        .args(["--show-interactive-dev-session", "false"])
        .args(["--port", &configuration.ports.console.to_string()])
        .arg("--config")
        .arg(&configuration.build.wrangler_configuration)
        // In a file, because a command line can be read by everybody on the machine.
        .arg("--env-file")
        .arg(&settings)
        .arg("--persist-to")
        .arg(state.path("worker"))
        .env("WRANGLER_LOG_PATH", state.path("logs/wrangler"))
        .env("NO_COLOR", "1");
    let log = state.path("logs/worker.log");
    let mut process =
        RunningProcess::start("the Worker (wrangler dev)", command, &log, &state.record(), Duration::from_secs(10))?;
    let session = format!("{}{}", console_url(configuration.ports.console), Route::Session.path());
    until_ready(&mut process, &session, Duration::from_secs(60)).await?;
    Ok(process)
}

/// Where the console is.
pub(crate) fn console_url(port: u16) -> String {
    format!("http://localhost:{port}")
}

fn worker_settings(
    configuration: &Configuration,
    deployed: &StackOutputs,
    aws_endpoint: &str,
    key: &Credentials,
) -> [(&'static str, String); 14] {
    [
        ("AWS_REGION", configuration.region.clone()),
        ("AWS_ENDPOINT_URL", aws_endpoint.to_owned()),
        ("AWS_ACCESS_KEY_ID", key.access_key_id.clone()),
        ("AWS_SECRET_ACCESS_KEY", key.secret_access_key.clone()),
        ("AUTHORIZED_VEHICLES_TABLE_NAME", deployed.authorized_vehicles_table.clone()),
        ("PROVISIONED_VEHICLES_TABLE_NAME", deployed.provisioned_vehicles_table.clone()),
        ("PROVISIONING_ATTEMPTS_TABLE_NAME", deployed.provisioning_attempts_table.clone()),
        ("OPERATOR_ACTIONS_TABLE_NAME", deployed.operator_actions_table.clone()),
        ("CLAIM_CERTIFICATES_TABLE_NAME", deployed.claim_certificates_table.clone()),
        ("CLAIMS_FUNCTION_NAME", deployed.claims_function.clone()),
        ("PROVISIONING_TEMPLATE_NAME", deployed.template_name.clone()),
        ("CLAIM_POLICY_NAME", deployed.claim_policy_name.clone()),
        ("VIN_PATTERN", deployed.vin_pattern.clone()),
        ("LOCAL_OPERATOR", configuration.operator.clone()),
    ]
}

/// The settings as wrangler reads them: between single quotes nothing but a dollar sign has a meaning.
fn settings_text(settings: &[(&str, String)]) -> Result<String> {
    let mut text = String::new();
    for (name, value) in settings {
        ensure!(!value.contains(['\'', '\n']), "{name} cannot be given to the Worker: it has a quote or a line break");
        text.push_str(&format!("{name}='{}'\n", value.replace('$', "\\$")));
    }
    Ok(text)
}

/// The Worker's script and the console's files, which `make build` makes.
pub(crate) fn check_build(wrangler_configuration: &Path) -> Result<()> {
    let folder = wrangler_configuration.parent().unwrap_or(Path::new("."));
    let script = folder.join("build/index.js");
    ensure!(
        wrangler_configuration.is_file() && script.is_file(),
        "the Worker is not built ({} is missing): run make build",
        script.display()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_with_a_dollar_sign_reaches_the_worker_and_a_value_that_cannot_is_refused() {
        let text = |value: &str| settings_text(&[("VIN_PATTERN", value.to_owned())]);
        assert_eq!(text("^[A-Z]{2}$").unwrap(), "VIN_PATTERN='^[A-Z]{2}\\$'\n");
        assert!(text("it's").unwrap_err().to_string().contains("VIN_PATTERN"));
        assert!(text("two\nlines").is_err());
    }
}
