//! The program `vehicle`: one line of JSON on standard output when it succeeds, one sentence on standard error and
//! a documented exit status when it does not.

mod arguments;
mod run;

use std::process::ExitCode;

use clap::Parser;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    match run::run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("vehicle: {error}");
            ExitCode::from(vehicle::exit_status(&error))
        }
    }
}
