//! What the program takes on its command line.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use load::{LoadError, Plan, VinChoice};
use vehicle::Keys;

/// The exit status for wrong usage, or a file that cannot be used.
pub const BAD_INPUT: u8 = 2;
/// The exit status after Ctrl-C, as shells have it.
pub const INTERRUPTED: u8 = 130;

const AFTER_HELP: &str = "\
For an AWS account, write a file of the shape of .local/stack.json and name it with --stack:
  {
    \"region\": \"eu-central-1\",
    \"mqtt_host\": \"(aws iot describe-endpoint --endpoint-type iot:Data-ATS)\",
    \"claim_secret_id\": \"cms/cms-provisioning/provisioning-credentials\",
    \"template_name\": \"cms--provisioning-template\",
    \"authorized_vehicles_table\": \"(output AuthorizedVehiclesTableName of the stack)\",
    \"provisioned_vehicles_table\": \"(output ProvisionedVehiclesTableName)\",
    \"provisioning_attempts_table\": \"(output ProvisioningAttemptsTableName; without it denials have no reasons)\"
  }
Keys come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. They need
  secretsmanager:GetSecretValue and kms:Decrypt on the claim secret; dynamodb:PutItem on AuthorizedVehicles;
  dynamodb:Query on ProvisionedVehicles and ProvisioningAttempts; iot:DescribeCertificate;
  and for --clean iot:UpdateCertificate, ListPrincipalThings, DetachThingPrincipal, ListAttachedPolicies, DetachPolicy,
  DeleteCertificate, DeleteThing, and dynamodb:DeleteItem on the three tables.
RegisterThing is limited to 10 a second in an account (ask Service Quotas for yours), and live vehicles need some of it.

Exit status:
  0    no VIN has two active certificates, and nothing unexpected happened
  1    something unexpected happened, or a call failed for good; the sentence says what
  2    wrong usage, or a file that cannot be used
  130  interrupted by Ctrl-C, with nothing unexpected until then";

/// Provisions many vehicles at once, with VINs drawn for the purpose (L0AD...), and shows that no VIN ends with two active
/// certificates.
#[derive(Debug, Parser)]
#[command(version, after_help = AFTER_HELP)]
pub struct Arguments {
    /// How many vehicles.
    #[arg(short = 'n', long, default_value_t = 100, value_name = "N")]
    pub vehicles: u32,
    /// Whether each vehicle has a VIN of its own, or all have the same one and exactly one may stay.
    #[arg(long, value_enum, default_value = "many")]
    pub vin: Vin,
    /// How many vehicles are on their way at a time.
    #[arg(long, default_value = "10", value_name = "N")]
    pub concurrency: NonZeroU32,
    /// How many RegisterThing a second at most.
    #[arg(long, default_value = "10", value_name = "N")]
    pub rate: NonZeroU32,
    /// Who makes the private keys.
    #[arg(long, value_enum, default_value = "vehicle")]
    pub keys: KeyMaker,
    /// Remove the things, certificates and rows afterwards.
    #[arg(long)]
    pub clean: bool,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
    /// The file that tells where the stack is.
    #[arg(long, default_value = ".local/stack.json", value_name = "FILE")]
    pub stack: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Vin {
    /// All the same one.
    Same,
    /// Each its own.
    Many,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum KeyMaker {
    /// The vehicle, which sends a certificate signing request.
    Vehicle,
    /// AWS.
    Aws,
}

impl Arguments {
    /// What is to be done.
    pub fn plan(&self) -> Plan {
        Plan {
            vehicles: self.vehicles,
            vin: match self.vin {
                Vin::Same => VinChoice::Same,
                Vin::Many => VinChoice::Many,
            },
            concurrency: self.concurrency,
            rate: self.rate,
            keys: match self.keys {
                KeyMaker::Vehicle => Keys::MadeByVehicle,
                KeyMaker::Aws => Keys::MadeByAws,
            },
            clean: self.clean,
        }
    }
}

/// The exit status for a test that came to no summary.
pub fn exit_status_of(error: &LoadError) -> u8 {
    match error {
        LoadError::Stack { .. } => BAD_INPUT,
        LoadError::NotPermitted { .. } | LoadError::Aws { .. } | LoadError::Vehicle(_) | LoadError::NoRandomness(_) => {
            1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn nothing_is_done_at_a_rate_of_nothing() {
        assert!(Arguments::try_parse_from(["load", "--rate", "0"]).is_err());
        assert!(Arguments::try_parse_from(["load", "--concurrency", "0"]).is_err());
        assert!(Arguments::parse_from(["load", "-n", "0"]).plan().check().is_err());
        assert!(Arguments::parse_from(["load"]).plan().check().is_ok());
    }
}
