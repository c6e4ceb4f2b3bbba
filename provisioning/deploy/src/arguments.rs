//! What the program takes on its command line and from the environment.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Deploys the vehicle provisioning stack to an AWS account.
///
/// Keys come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_<SERVICE>
/// lead elsewhere than to AWS's public endpoints.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    /// Begins the names that vehicles and plants know.
    #[arg(long, global = true, env = "APP_UNIQUE_ID", default_value = "cms", value_name = "ID")]
    pub app: String,
    /// The AWS region.
    #[arg(long, global = true, env = "AWS_REGION")]
    pub region: Option<String>,
    /// The bucket for functions' code; one named after app, account and region without it.
    #[arg(long, global = true, env = "CODE_BUCKET", value_name = "NAME")]
    pub code_bucket: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build the functions and write their zips below target/lambdas. Run it at the top of the checkout.
    Package,
    /// Print the CloudFormation template as it is deployed.
    Render,
    /// Upload the functions and the template, and print the template's address and the parameters that go with it: for those
    /// who deploy by their own hand or pipeline.
    Upload {
        /// The folder with the functions' zips.
        #[arg(long, default_value = "target/lambdas", value_name = "FOLDER")]
        zips: PathBuf,
    },
    /// Make the stack, or bring it up to date, and print what it tells as JSON.
    Up {
        /// The folder with the functions' zips.
        #[arg(long, default_value = "target/lambdas", value_name = "FOLDER")]
        zips: PathBuf,
        /// A parameter of the template, such as VinPattern=[A-Z0-9]{5,17}; it is kept for later updates.
        #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
        set: Vec<(String, String)>,
    },
    /// Take over from a stack of the CMS provisioning module: its tables, its claim certificate and its template's name. Tells
    /// what would be done, and does it with --carry-out.
    Adopt {
        /// The stack.
        #[arg(long, value_name = "NAME")]
        from_stack: String,
        /// Do it: the old stack is deleted, what it leaves is kept, and this project's is made over it.
        #[arg(long)]
        carry_out: bool,
        /// The folder with the functions' zips.
        #[arg(long, default_value = "target/lambdas", value_name = "FOLDER")]
        zips: PathBuf,
        /// A parameter of the template, as for `up`.
        #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
        set: Vec<(String, String)>,
    },
    /// Give rows of AuthorizedVehicles that other tools wrote before the attribute they are listed by. It may be stopped and
    /// repeated at any time.
    Backfill {
        /// Make the indexes first that adopted tables lack.
        #[arg(long)]
        add_indexes: bool,
        /// How many rows are read, and at most written, a second.
        #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        rows_per_second: u32,
        /// Go on behind this VIN, as an earlier run said.
        #[arg(long, value_name = "VIN")]
        after: Option<String>,
    },
    /// Try another VIN pattern, provisioning template or vehicle policy beside the deployed ones, over the attempts on record,
    /// and change nothing. Exit status: 0 no difference, 1 differences, 2 it could not be tried.
    DryRun {
        /// The proposed provisioning template; the one of customize/ without it.
        #[arg(long, value_name = "FILE")]
        template: Option<PathBuf>,
        /// The proposed vehicle policy; the one of customize/ without it.
        #[arg(long, value_name = "FILE")]
        vehicle_policy: Option<PathBuf>,
        /// The proposed VIN pattern; the deployed one without it.
        #[arg(long, value_name = "RE")]
        vin_pattern: Option<String>,
        /// The proposed thing type, empty for none; the deployed one without it.
        #[arg(long, value_name = "NAME")]
        thing_type: Option<String>,
        /// From when on attempts are replayed: so many days or hours (7d, 12h) or a date.
        #[arg(long, value_name = "WHEN", default_value = "30d")]
        since: deploy::Since,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Check the deployed stack: its settings, its real permissions and the quotas, and say what to mend. Changes nothing. Exit
    /// status: 0 it works, 1 something does not, 2 it could not be checked.
    Check {
        /// How many vehicles a second are to be provisioned at most.
        #[arg(long, default_value_t = 1.0, value_name = "N")]
        rate: f64,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Compute what a fleet costs a month, from the prices in prices.json and the calls that were measured. Asks AWS nothing.
    Cost {
        /// Vehicles on record.
        #[arg(long, value_name = "N")]
        vehicles: u64,
        /// Vehicles provisioned a month; a twelfth of all without it.
        #[arg(long, value_name = "N")]
        provisioned_per_month: Option<u64>,
        /// Tries denied a month; a tenth of those provisioned without it.
        #[arg(long, value_name = "N")]
        denied_per_month: Option<u64>,
        /// Certificates revoked a month; a hundredth of those provisioned without it.
        #[arg(long, value_name = "N")]
        revoked_per_month: Option<u64>,
        /// Claim certificates in use at once.
        #[arg(long, default_value_t = 1, value_name = "N")]
        claims: u64,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Delete the stack, the claim certificate, the console's access keys and the code bucket; tables remain.
    Down,
    /// Make a new access key for the console's API, delete its older ones, and write the new one to a file.
    ConsoleKey {
        /// The file, which must not exist yet; only its owner can read it.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}
