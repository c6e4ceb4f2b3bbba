//! What is stored: the tables, their key, and the queue of what went wrong.

use aws::dynamodb::describe_table;
use aws::{Aws, ProbedTable, Transport};
use provisioning_rules::{TableFacts, check_table};
use shared::Check;

use super::{Deployed, unchecked};

pub(super) async fn check_stores<T: Transport>(aws: &Aws<T>, deployed: &Deployed) -> Vec<Check> {
    let mut checks = Vec::new();
    let tables = deployed.tables();
    for table in ProbedTable::ALL {
        let name = table.name_in(&tables);
        checks.push(match describe_table(aws, name).await {
            Ok(found) => {
                let facts = found.map(|found| TableFacts {
                    status: found.status,
                    indexes: found.indexes,
                    stream: found.stream,
                });
                let needs_stream = table == ProbedTable::AuthorizedVehicles;
                check_table(name, facts.as_ref(), table.indexes(), needs_stream)
            }
            Err(error) => unchecked(format!("Table {name}"), &error),
        });
    }
    checks.push(check_key(aws, &deployed.outputs.table_key_arn).await);
    checks.push(check_queue(aws, &deployed.outputs.unhandled_events_queue_url).await);
    checks
}

async fn check_key<T: Transport>(aws: &Aws<T>, key: &str) -> Check {
    const NAME: &str = "Key of tables and secret";
    let mend = |command: &str| format!("aws kms {command} --key-id {key}");
    match aws::kms::key_state(aws, key).await {
        Ok(state) if state == "Enabled" => Check::passed(NAME, "It is enabled."),
        Ok(state) if state == "PendingDeletion" => Check::failed(
            NAME,
            "It waits for its deletion: when that comes, every table of this deployment is lost.",
            format!("Now: {} and then {}", mend("cancel-key-deletion"), mend("enable-key")),
        ),
        Ok(state) => Check::failed(
            NAME,
            format!("It is {state}: no table can be read."),
            format!("Enable it: {}", mend("enable-key")),
        ),
        Err(error) => unchecked(NAME, &error),
    }
}

async fn check_queue<T: Transport>(aws: &Aws<T>, url: &str) -> Check {
    const NAME: &str = "Unhandled events";
    match aws::sqs::queue_depth(aws, url).await {
        Ok(0) => Check::passed(NAME, "None waits."),
        Ok(number) => Check::warning(
            NAME,
            format!("About {number} events that a function could not handle wait in {url}."),
            "Each names its function and error: mend that, then invoke the function with the event's requestPayload.",
        ),
        Err(error) => unchecked(NAME, &error),
    }
}
