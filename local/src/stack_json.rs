//! What tools and tests need to know of a running stack.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The content of `stack.json` in the state folder.
#[derive(Clone, Serialize, Deserialize)]
pub struct StackJson {
    /// The console's address.
    pub console: String,
    /// The console API's address.
    pub api: String,
    /// The AWS endpoint.
    pub aws_endpoint: String,
    /// The AWS region.
    pub region: String,
    /// The access key of an administrator of the stand-in.
    pub access_key_id: String,
    /// Its secret.
    pub secret_access_key: String,
    /// The host of MQTT over mutual TLS.
    pub mqtt_host: String,
    /// Its port.
    pub mqtt_port: u16,
    /// The file of the certificate that MQTT's server certificate is signed with.
    pub root_ca: PathBuf,
    /// The secret that holds the claim certificate.
    pub claim_secret_id: String,
    /// The provisioning template.
    pub template_name: String,
    /// The table of authorized vehicles.
    pub authorized_vehicles_table: String,
    /// The table of provisioned vehicles.
    pub provisioned_vehicles_table: String,
    /// The table of provisioning attempts.
    pub provisioning_attempts_table: String,
}
