//! What the program takes on its command line and from the environment.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

const EXIT_STATUSES: &str = "\
Exit status:
  0   done; the result is one line of JSON on standard output
  2   wrong usage or input
  3   the endpoint cannot be reached
  4   TLS or the identity was refused
  5   provisioning was denied
  6   a step timed out
  7   an answer could not be understood
  8   an established connection was lost
  9   the other side is throttling or failing for now; try again later
  10  the identity folder could not be read or written";

/// A vehicle that provisions itself by claim and reports itself active, over MQTT with mutual TLS.
#[derive(Debug, Parser)]
#[command(version, after_help = EXIT_STATUSES)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Get a certificate by the claim, register it, keep it in a folder, connect with it and report active.
    #[command(after_help = EXIT_STATUSES)]
    Provision(Provision),
    /// Keep a certificate that was issued to this vehicle elsewhere, by an operator or a private authority, as its identity.
    #[command(after_help = EXIT_STATUSES)]
    Install(Install),
    /// Connect with the identity in a folder and report active.
    #[command(after_help = EXIT_STATUSES)]
    Connect(Connect),
}

#[derive(Debug, Args)]
pub struct Provision {
    #[command(flatten)]
    pub broker: Broker,
    #[command(flatten)]
    pub claim: ClaimFiles,
    /// The provisioning template's name.
    #[arg(long, env = "VEHICLE_TEMPLATE", value_name = "NAME")]
    pub template: String,
    /// The vehicle identification number to register.
    #[arg(long, env = "VEHICLE_VIN", value_name = "VIN")]
    pub vin: String,
    /// The folder to keep certificate.pem, private.key and identity.json in.
    #[arg(long, env = "VEHICLE_IDENTITY", value_name = "FOLDER")]
    pub out: PathBuf,
    /// The client id to claim under; a unique one is drawn without it.
    #[arg(long, env = "VEHICLE_CLIENT_ID", value_name = "ID")]
    pub client_id: Option<String>,
    /// Who makes the private key: the vehicle, whose key then never leaves it, or AWS.
    #[arg(long, env = "VEHICLE_KEYS", value_name = "WHO", default_value = "vehicle")]
    pub keys: KeyMaker,
    /// A PEM file (PKCS#8, SEC1 or PKCS#1) with the private key that the vehicle already has, to use in place of a new one.
    #[arg(long, env = "VEHICLE_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Stop after the registration: do not connect as the vehicle.
    #[arg(long, conflicts_with = "stay")]
    pub no_connect: bool,
    /// Stay connected until Ctrl-C.
    #[arg(long)]
    pub stay: bool,
}

#[derive(Debug, Args)]
pub struct Install {
    /// The certificate's PEM file. For just-in-time registration the authority's certificate follows the vehicle's in it.
    #[arg(long, env = "VEHICLE_CERTIFICATE", value_name = "FILE")]
    pub certificate: PathBuf,
    /// The PEM file of its private key (PKCS#8, SEC1 or PKCS#1).
    #[arg(long, env = "VEHICLE_KEY_FILE", value_name = "FILE")]
    pub key_file: PathBuf,
    /// The vehicle identification number it was issued for.
    #[arg(long, env = "VEHICLE_VIN", value_name = "VIN")]
    pub vin: String,
    /// The thing it belongs to, where that is not Vehicle_ and the VIN.
    #[arg(long, env = "VEHICLE_THING_NAME", value_name = "NAME")]
    pub thing_name: Option<String>,
    /// The folder to keep certificate.pem, private.key and identity.json in, in place of what it holds.
    #[arg(long, env = "VEHICLE_IDENTITY", value_name = "FOLDER")]
    pub out: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeyMaker {
    /// The vehicle makes its key and sends a certificate signing request.
    Vehicle,
    /// AWS makes the key and sends it with the certificate.
    Aws,
}

#[derive(Debug, Args)]
pub struct Connect {
    #[command(flatten)]
    pub broker: Broker,
    /// The folder a vehicle was provisioned into.
    #[arg(long, env = "VEHICLE_IDENTITY", value_name = "FOLDER")]
    pub identity: PathBuf,
    /// Keep trying for this long, with growing pauses, while the connection is refused or cannot be made: AWS IoT closes
    /// the first one of a certificate that it registers just in time. Each try is told on standard error.
    #[arg(long, env = "VEHICLE_WAIT_SECONDS", value_name = "SECONDS", default_value_t = 0,
          value_parser = clap::value_parser!(u64).range(0..=86_400))]
    pub wait: u64,
    /// Stay connected until Ctrl-C.
    #[arg(long)]
    pub stay: bool,
}

#[derive(Debug, Args)]
pub struct Broker {
    /// Host name or address of the MQTT broker (on AWS: the account's `iot:Data-ATS` endpoint).
    #[arg(long, env = "VEHICLE_ENDPOINT", value_name = "HOST")]
    pub endpoint: String,
    /// Its port; on 443 the ALPN protocol x-amzn-mqtt-ca is asked for.
    #[arg(long, env = "VEHICLE_PORT", default_value_t = vehicle::Endpoint::DEFAULT_PORT)]
    pub port: u16,
    /// A PEM file with the roots to trust; without it the web's roots, Amazon's among them.
    #[arg(long, env = "VEHICLE_ROOT_CA", value_name = "FILE")]
    pub root_ca: Option<PathBuf>,
    /// The longest any single step may take, in seconds.
    #[arg(long, env = "VEHICLE_TIMEOUT_SECONDS", value_name = "SECONDS", default_value_t = 15,
          value_parser = clap::value_parser!(u64).range(1..=600))]
    pub timeout_seconds: u64,
}

/// The claim comes from files (or standard input), never from the command line, which other processes can see.
#[derive(Debug, Args)]
pub struct ClaimFiles {
    /// A file with the claim secret's JSON as Secrets Manager holds it; `-` reads standard input.
    #[arg(long, env = "VEHICLE_CLAIM", value_name = "FILE", required_unless_present = "claim_certificate")]
    pub claim: Option<PathBuf>,
    /// The claim certificate's PEM file, in place of --claim.
    #[arg(long, env = "VEHICLE_CLAIM_CERTIFICATE", value_name = "FILE", requires = "claim_private_key")]
    pub claim_certificate: Option<PathBuf>,
    /// The claim's private key in PEM, with --claim-certificate.
    #[arg(long, env = "VEHICLE_CLAIM_PRIVATE_KEY", value_name = "FILE", requires = "claim_certificate")]
    pub claim_private_key: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
