//! Runs the local stack until Ctrl-C: `make run`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use local::{Configuration, Ports, Stack};
use tokio::signal::unix::{SignalKind, signal};

/// Runs the whole of vehicle provisioning on this machine. Stop it with Ctrl-C.
#[derive(Parser)]
#[command(name = "local")]
struct Arguments {
    /// The port of the console.
    #[arg(long, env = "CONSOLE_PORT", default_value_t = 8080)]
    console_port: u16,
    /// The port of the stand-in's AWS endpoint.
    #[arg(long, env = "AWS_PORT", default_value_t = 4566)]
    aws_port: u16,
    /// The port of the stand-in's MQTT over mutual TLS.
    #[arg(long, env = "MQTT_PORT", default_value_t = 8883)]
    mqtt_port: u16,
    /// The checkout whose build is run.
    #[arg(long, default_value = ".")]
    checkout: PathBuf,
    /// The folder of keys, logs and kept state; `.local` in the checkout if not given.
    #[arg(long, env = "LOCAL_STATE")]
    state: Option<PathBuf>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("[local] {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<()> {
    let ports = Ports { console: arguments.console_port, aws: arguments.aws_port, mqtt: arguments.mqtt_port };
    let mut configuration = Configuration::in_checkout(&std::path::absolute(&arguments.checkout)?, ports);
    if let Some(state) = arguments.state {
        configuration.state = std::path::absolute(state)?;
    }
    let stopped = asked_to_stop()?;
    tokio::pin!(stopped);
    // Dropping the unfinished start stops what it had started.
    let mut stack = tokio::select! {
        started = Stack::start(&configuration, |step| eprintln!("[local] {step}")) => started?,
        () = &mut stopped => return Ok(()),
    };
    print_addresses(&stack, &configuration);
    let result = tokio::select! {
        end = stack.part_ended() => Err(end),
        () = &mut stopped => Ok(()),
    };
    eprintln!("[local] stopping");
    stack.stop();
    result
}

/// Completes at the first Ctrl-C, SIGTERM or loss of the terminal.
fn asked_to_stop() -> Result<impl Future<Output = ()>> {
    let (mut interrupt, mut terminate, mut hangup) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    })
}

fn print_addresses(stack: &Stack, configuration: &Configuration) {
    let json = &stack.json;
    println!("\n  Console       {}", json.console);
    println!("  AWS endpoint  {}  (region {})", json.aws_endpoint, json.region);
    println!("  MQTT          {}:{}  (mutual TLS)", json.mqtt_host, json.mqtt_port);
    println!("  For tools     {}", configuration.state.join("stack.json").display());
    println!("\n  Stop with Ctrl-C; the state stays in {}.", configuration.state.display());
}
