//! The program `deploy`: packs the functions, deploys the provisioning stack and takes it away again.

mod arguments;
mod key_file;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use arguments::{Arguments, Command};
use aws::{Aws, Credentials, NativeTransport};
use clap::Parser;
use deploy::cost::Fleet;
use deploy::{AdoptOptions, BackfillOptions, DryRunOptions, Progress, Target, UpOptions};

/// Uploading a function over a slow line takes a while.
const CALL_LIMIT: Duration = Duration::from_secs(60);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // The exit status 1 of a dry run says that there are differences, and of a check that something does not work.
    let is_question = matches!(arguments.command, Command::DryRun { .. } | Command::Check { .. });
    let failure = if is_question { ExitCode::from(2) } else { ExitCode::FAILURE };
    match run(arguments).await {
        Ok(status) => status,
        Err(error) => {
            eprintln!("deploy: {error}");
            failure
        }
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let target = Target { app_unique_id: arguments.app, code_bucket: arguments.code_bucket };
    let connect = || -> Result<Aws<NativeTransport>, Box<dyn std::error::Error>> {
        let setting = |name: &str| std::env::var(name).ok();
        let region = arguments.region.as_deref().ok_or("AWS_REGION is not set: say where with --region")?;
        Ok(Aws::new(NativeTransport::new(CALL_LIMIT), region, Credentials::from_settings(setting)?, setting))
    };
    let mut tell = |progress: Progress| {
        if !progress.is_minor() {
            eprintln!("{progress}");
        }
    };
    match arguments.command {
        Command::Package => println!("{}", deploy::package(Path::new("."))?.display()),
        Command::Render => {
            deploy::check_customization()?;
            print!("{}", deploy::rendered_template());
        }
        Command::Upload { zips } => {
            deploy::check_customization()?;
            let uploaded = deploy::upload(&connect()?, &target, &zips, &mut tell).await?;
            let parameters: Vec<_> =
                uploaded.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
            println!("{}\n{}", uploaded.template_url, parameters.join("\n"));
        }
        Command::Up { zips, set } => {
            deploy::check_customization()?;
            let options = UpOptions { target, zips, parameters: set.into_iter().collect() };
            let outputs = deploy::up(&connect()?, &options, &mut tell).await?;
            println!("{}", serde_json::to_string_pretty(&outputs)?);
        }
        Command::DryRun { template, vehicle_policy, vin_pattern, thing_type, since, json } => {
            let options = DryRunOptions { target, template, vehicle_policy, vin_pattern, thing_type, since };
            let tried = deploy::dry_run(&connect()?, &options).await?;
            let text = if json { serde_json::to_string_pretty(&tried)? + "\n" } else { tried.to_string() };
            // Whoever reads only the beginning still wants the exit status.
            match std::io::stdout().write_all(text.as_bytes()) {
                Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => return Err(error.into()),
                _ => {}
            }
            return Ok(ExitCode::from(u8::from(tried.is_different())));
        }
        Command::Adopt { from_stack, carry_out, zips, set } => {
            deploy::check_customization()?;
            let options = AdoptOptions { target, stack: from_stack, zips, parameters: set.into_iter().collect() };
            let aws = connect()?;
            if carry_out {
                let (_, outputs) = deploy::adopt(&aws, &options, &mut tell).await?;
                println!("{}", serde_json::to_string_pretty(&outputs)?);
            } else {
                print!("{}", deploy::plan_adoption(&aws, &options).await?);
            }
        }
        Command::Backfill { add_indexes, rows_per_second, after } => {
            let options = BackfillOptions { target, add_indexes, rows_per_second, after };
            deploy::backfill(&connect()?, &options, &mut tell).await?;
        }
        Command::Check { rate, json } => {
            let checked = deploy::self_check(&connect()?, &target, rate).await?;
            match json {
                true => println!("{}", serde_json::to_string_pretty(&checked)?),
                false => print!("{}", deploy::describe_checks(&checked)),
            }
            return Ok(ExitCode::from(u8::from(checked.outcome() == shared::CheckOutcome::Failed)));
        }
        Command::Cost { vehicles, provisioned_per_month, denied_per_month, revoked_per_month, claims, json } => {
            let provisioned = provisioned_per_month.unwrap_or(vehicles / 12);
            let denied = denied_per_month.unwrap_or(provisioned / 10);
            let revoked = revoked_per_month.unwrap_or(provisioned / 100);
            let region = arguments.region.as_deref().unwrap_or("us-east-1");
            let cost = deploy::cost::cost(region, Fleet { vehicles, provisioned, denied, revoked, claims })?;
            match json {
                true => println!("{}", serde_json::to_string_pretty(&cost)?),
                false => print!("{cost}"),
            }
        }
        Command::Down => print!("{}", deploy::down(&connect()?, &target, &mut tell).await?),
        Command::ConsoleKey { out } => {
            // The file first: a key whose secret cannot be kept would be lost.
            let file = key_file::open(&out)?;
            let key = deploy::renew_console_key(&connect()?, &target.console_user_name()).await?;
            key_file::write(file, &key.credentials)?;
            for replaced in key.replaced {
                eprintln!("deleted the access key {replaced}");
            }
            println!("{}", out.display());
        }
    }
    Ok(ExitCode::SUCCESS)
}
