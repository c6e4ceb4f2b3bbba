//! What a local stack is to be.

use std::path::{Path, PathBuf};

/// What to start, from which build, on which ports and with which state.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// The folder of keys, logs and the stand-in's kept state. Made if it does not exist.
    pub state: PathBuf,
    /// What was built.
    pub build: Build,
    /// Where the parts listen.
    pub ports: Ports,
    /// The AWS region the stand-in plays.
    pub region: String,
    /// AppUniqueId of the CloudFormation stack.
    pub app: String,
    /// The name under which everybody who opens the console is signed in.
    pub operator: String,
    /// Whether an empty deployment is given the demo fleet.
    pub demo_fleet: bool,
}

/// What is run.
#[derive(Clone, Debug)]
pub struct Build {
    /// The folder of the functions' zip files.
    pub function_zips: PathBuf,
    /// The Worker's wrangler configuration; it names the script and the console's files.
    pub wrangler_configuration: PathBuf,
}

/// TCP ports on the loopback interface.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    /// The console and its API.
    pub console: u16,
    /// The stand-in's AWS endpoint.
    pub aws: u16,
    /// The stand-in's MQTT over mutual TLS.
    pub mqtt: u16,
}

impl Configuration {
    /// The stack of `make run` in a checkout: state in `.local`, with the demo fleet.
    pub fn in_checkout(checkout: &Path, ports: Ports) -> Self {
        Configuration {
            state: checkout.join(".local"),
            build: Build::in_checkout(checkout),
            ports,
            region: "eu-central-1".to_owned(),
            app: "cms".to_owned(),
            operator: "local-operator".to_owned(),
            demo_fleet: true,
        }
    }
}

impl Build {
    /// Where `make build` puts what it makes.
    pub fn in_checkout(checkout: &Path) -> Self {
        Build {
            function_zips: checkout.join("target/lambdas"),
            wrangler_configuration: checkout.join("edge/wrangler.toml"),
        }
    }
}
