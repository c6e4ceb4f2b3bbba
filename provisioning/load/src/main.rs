//! The program `load`: a load test, with its progress on standard error and its summary on standard output.

mod arguments;
mod show;

use std::process::ExitCode;

use clap::Parser;
use load::{Summary, stop_switch};

use arguments::Arguments;
use show::Show;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let plan = arguments.plan();
    if let Err(problem) = plan.check() {
        eprintln!("load: {problem}");
        return ExitCode::from(arguments::BAD_INPUT);
    }
    let (switch, stop) = stop_switch();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            eprintln!("load: finishing what is under way; Ctrl-C again to leave it");
            // The receiver lives as long as the test.
            let _ = switch.send(true);
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(i32::from(arguments::INTERRUPTED));
            }
        }
        std::future::pending::<()>().await;
    });
    let show = Show::new();
    let result =
        load::run(&arguments.stack, &plan, |name| std::env::var(name).ok(), &stop, |step| show.progress(&step)).await;
    show.end();
    match result {
        Ok(summary) => finish(&summary, arguments.json),
        Err(error) => {
            eprintln!("load: {error}");
            ExitCode::from(arguments::exit_status_of(&error))
        }
    }
}

fn finish(summary: &Summary, json: bool) -> ExitCode {
    if json {
        match serde_json::to_string_pretty(summary) {
            Ok(text) => println!("{text}"),
            Err(error) => eprintln!("load: the summary cannot be written: {error}"),
        }
    } else {
        print!("{summary}");
    }
    if !summary.is_as_expected() {
        ExitCode::FAILURE
    } else if summary.interrupted {
        ExitCode::from(arguments::INTERRUPTED)
    } else {
        ExitCode::SUCCESS
    }
}
