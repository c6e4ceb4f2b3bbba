use serde::Serialize;

use super::{Fleet, Measured, Prices, Usage};
use crate::STACK_TEMPLATE;

/// One line of the bill.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// The service.
    pub service: &'static str,
    /// What is paid for.
    pub what: String,
    /// How much of it, in the unit of the line's name.
    pub quantity: f64,
    /// What it costs, in US dollars a month.
    pub usd: f64,
    /// Whether a source confirms the unit price.
    pub confirmed: bool,
}

/// Housekeeping runs so often a month, by the default schedule.
const HOUSEKEEPING_RUNS: f64 = 730.0;

/// One run of housekeeping that finds nothing to do: a generous second at its 256 MB.
const HOUSEKEEPING_GB_SECONDS: f64 = 0.25;

/// DynamoDB keeps a table's data key for five minutes: at most so many requests a month for each table that is in use.
const KEY_REQUESTS_OF_A_TABLE: f64 = 12.0 * 730.0;

/// A vehicle that provisions itself is connected twice, for less than a minute each.
const MINUTES_OF_A_PROVISIONING: f64 = 2.0;

const GIGABYTE: f64 = 1_073_741_824.0;

pub(super) fn lines(prices: &Prices, measured: &Measured, fleet: Fleet) -> Vec<Line> {
    let events = [
        (&measured.provisioning, fleet.provisioned as f64),
        (&measured.denial, fleet.denied as f64),
        (&measured.revocation, fleet.revoked as f64),
    ];
    let sum = |part: fn(&Usage) -> f64| -> f64 { events.iter().map(|(usage, times)| part(usage) * times).sum() };
    let functions = |part: fn(&super::FunctionUse) -> f64| -> f64 {
        let of = |usage: &Usage| usage.functions.values().map(part).sum::<f64>();
        events.iter().map(|(usage, times)| of(usage) * times).sum()
    };
    let rows = measured.provisioning.stored_bytes as f64 * fleet.vehicles as f64;
    // Denials are evidence and stay: those of a year are counted.
    let evidence = measured.denial.stored_bytes as f64 * fleet.denied as f64 * 12.0;
    let stored = (rows + evidence) / GIGABYTE;
    let rules = sum(|usage| f64::from(usage.rules));
    let alarms = STACK_TEMPLATE.matches("Type: AWS::CloudWatch::Alarm").count() as f64;
    let tables = STACK_TEMPLATE.matches("Type: AWS::DynamoDB::Table").count() as f64;
    let line = |service, what: &str, quantity: f64, price: &str, per: f64| {
        let (usd, confirmed) = prices.price(price);
        Line { service, what: what.to_owned(), quantity, usd: quantity / per * usd, confirmed }
    };
    let million = 1e6;
    vec![
        line("DynamoDB", "read request units", sum(|usage| usage.request_units.read), "dynamodb_read_million", million),
        line(
            "DynamoDB",
            "write request units",
            sum(|usage| usage.request_units.write),
            "dynamodb_write_million",
            million,
        ),
        line("DynamoDB", "GB stored, with indexes", stored, "dynamodb_storage_gb_month", 1.0),
        line("DynamoDB", "GB in point-in-time recovery", stored, "dynamodb_recovery_gb_month", 1.0),
        line(
            "Lambda",
            "invocations",
            functions(|function| f64::from(function.invocations)) + HOUSEKEEPING_RUNS,
            "lambda_request_million",
            million,
        ),
        line(
            "Lambda",
            "GB-seconds",
            functions(|function| function.milliseconds / 1_000.0 * f64::from(function.memory_mb) / 1_024.0)
                + HOUSEKEEPING_RUNS * HOUSEKEEPING_GB_SECONDS,
            "lambda_gb_second",
            1.0,
        ),
        line(
            "AWS IoT Core",
            "MQTT messages",
            sum(|usage| f64::from(usage.mqtt_messages)),
            "iot_message_million",
            million,
        ),
        line(
            "AWS IoT Core",
            "minutes of connection",
            (fleet.provisioned + fleet.denied) as f64 * MINUTES_OF_A_PROVISIONING,
            "iot_minute_million",
            million,
        ),
        line(
            "AWS IoT Core",
            "registry operations",
            sum(|usage| f64::from(usage.registry_operations)),
            "iot_registry_million",
            million,
        ),
        line("AWS IoT Core", "rules triggered", rules, "iot_rule_million", million),
        line("AWS IoT Core", "actions of rules", rules, "iot_action_million", million),
        line("Secrets Manager", "claim secrets", fleet.claims as f64, "secret_month", 1.0),
        line("KMS", "keys", 1.0, "kms_key_month", 1.0),
        line("KMS", "requests, at most", tables * KEY_REQUESTS_OF_A_TABLE, "kms_request_million", million),
        line("CloudWatch", "alarms", alarms, "alarm_month", 1.0),
        line("CloudWatch", "GB of logs", functions(|function| function.log_bytes as f64) / GIGABYTE, "log_gb", 1.0),
    ]
}
