use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::PriceProblem;

const FILE: &str = include_str!("../../measured_calls.json");

/// What the story `cost` measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// How it was measured.
    pub how: String,
    /// One vehicle is authorized, provisioned by claim and reports.
    pub provisioning: Usage,
    /// One vehicle is denied.
    pub denial: Usage,
    /// One certificate is revoked from the console.
    pub revocation: Usage,
}

/// What one of these takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    /// Calls by service and operation.
    pub calls: BTreeMap<String, u32>,
    /// DynamoDB's request units.
    pub request_units: RequestUnits,
    /// The functions that run.
    pub functions: BTreeMap<String, FunctionUse>,
    /// What stays in the tables and their indexes, in bytes.
    pub stored_bytes: u64,
    /// MQTT messages of the vehicle and to it, counted in the protocol.
    pub mqtt_messages: u32,
    /// Operations of AWS IoT's registry.
    pub registry_operations: u32,
    /// Topic rules that are triggered, each with one action.
    pub rules: u32,
}

/// DynamoDB's request units.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestUnits {
    /// Of reading.
    pub read: f64,
    /// Of writing.
    pub write: f64,
}

/// What a function does.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FunctionUse {
    /// How often it is called.
    pub invocations: u32,
    /// For how long altogether, in milliseconds.
    pub milliseconds: f64,
    /// Its memory, in MB.
    pub memory_mb: u32,
    /// What it writes to its log, in bytes.
    pub log_bytes: u64,
}

impl Measured {
    /// What is on record.
    pub fn recorded() -> Result<Self, PriceProblem> {
        serde_json::from_str(FILE).map_err(|source| PriceProblem::File { file: "measured_calls.json", source })
    }
}
