//! One call of every operation, with every optional part at least once.

use std::collections::BTreeMap;

use aws::dynamodb::{self, Counting, Item, KeyCondition, Query, Update, Write};
use aws::iot::{self, AttributeChange, AuthorityChange, RequestedStatus};
use aws::lambda;
use aws::secrets_manager;
use aws::{kms, service_quotas, sqs};
use shared::{AuthorityId, AuthorityMode, CertificateId};

use crate::recording::Recording;

/// Calls `$operation` with `$argument`s after the client, and keeps what it sent under its own name.
macro_rules! record {
    ($recording:ident, $module:ident::$operation:ident $(, $argument:expr)*) => {{
        let aws = Recording::client();
        $module::$operation(&aws $(, $argument)*).await.unwrap();
        $recording.keep(concat!(stringify!($module), "::", stringify!($operation)), &aws);
    }};
}

const TABLE: &str = "AuthorizedVehicles";
const ARN: &str =
    "arn:aws:iot:eu-west-1:123456789012:cert/abababababababababababababababababababababababababababababababab";

fn item() -> Item {
    Item::from([("vin".to_owned(), "1HGCM82633A004352".into()), ("allow_provisioning".to_owned(), true.into())])
}

fn update() -> Update {
    Update::of(TABLE, item()).set("SET vin_shard = :shard").when("attribute_exists(vin)").value(":shard", "7")
}

pub async fn record(recording: &mut Recording) {
    let id: CertificateId = "ab".repeat(32).try_into().unwrap();

    record!(recording, dynamodb::get_item, TABLE, item());
    record!(recording, dynamodb::batch_get_item, TABLE, vec![item(); 101]);
    record!(recording, dynamodb::put_item, TABLE, item(), None);
    record!(recording, dynamodb::put_item, TABLE, item(), Some("attribute_not_exists(vin)"));
    record!(recording, dynamodb::update_item, &update());
    let put = Write::put(TABLE, item(), "attribute_not_exists(vin)");
    let check = Update::of(TABLE, item()).when("allow_provisioning = :true").value(":true", true);
    let writes = [put, Write::Update(update()), Write::ConditionCheck(check)];
    record!(recording, dynamodb::transact_write_items, &writes);
    let query = Query {
        table: TABLE,
        index: None,
        partition: ("vin", "1HGCM82633A004352"),
        sort: None,
        descending: false,
        limit: None,
        start: None,
    };
    record!(recording, dynamodb::query, query.clone());
    let query = Query {
        index: Some("vin-shard-index"),
        sort: Some(KeyCondition::Between("vin", "1H", "1H~")),
        descending: true,
        limit: Some(25),
        start: Some(item()),
        ..query
    };
    record!(recording, dynamodb::query, query);
    record!(recording, dynamodb::scan, TABLE, 25, None);
    record!(recording, dynamodb::scan_small_table, TABLE);
    record!(recording, dynamodb::describe_table, TABLE);
    let values = [(":true", true.into())];
    for filter in [None, Some(("allow_provisioning = :true", &values[..]))] {
        let counting = Counting { table: TABLE, index: "vin-shard-index", partition: ("vin_shard", "7"), filter };
        record!(recording, dynamodb::count, &counting, 1_000);
    }
    record!(recording, dynamodb::scan, TABLE, 25, Some(item()));

    record!(recording, iot::attach_policy, "cms-vehicle-policy", ARN);
    record!(recording, iot::create_keys_and_certificate, true);
    record!(recording, iot::create_keys_and_certificate, false);
    record!(recording, iot::create_certificate_from_csr, "PEM");
    record!(recording, iot::register_certificate, "PEM", None);
    record!(recording, iot::register_certificate, "PEM", Some("CA PEM"));
    record!(recording, iot::register_certificate_without_ca, "PEM");
    record!(recording, iot::describe_provisioning_template, "cms--provisioning-template");
    let thing = "Vehicle_1HGCM82633A004352";
    let attributes = BTreeMap::from([("vin".to_owned(), "1HGCM82633A004352".to_owned())]);
    record!(recording, iot::create_thing, thing, None, &attributes);
    record!(recording, iot::create_thing, thing, Some("Vehicle"), &attributes);
    record!(recording, iot::update_thing, thing, Some("Vehicle"), None);
    for change in [AttributeChange::Merge, AttributeChange::Replace] {
        record!(recording, iot::update_thing, thing, None, Some((&attributes, change)));
    }
    record!(recording, iot::describe_thing, thing);
    record!(recording, iot::attach_thing_principal, thing, ARN);
    let authority = AuthorityId(id.clone());
    record!(recording, iot::register_ca_certificate, "CA PEM", Some("PEM"), AuthorityMode::Default, true);
    record!(recording, iot::register_ca_certificate, "CA PEM", None, AuthorityMode::SniOnly, false);
    record!(recording, iot::registration_code);
    record!(recording, iot::list_ca_certificates);
    record!(recording, iot::describe_ca_certificate, &authority);
    record!(recording, iot::count_certificates_by_ca, &authority);
    for change in [
        AuthorityChange::Active(true),
        AuthorityChange::Active(false),
        AuthorityChange::JustInTime(true),
        AuthorityChange::JustInTime(false),
    ] {
        record!(recording, iot::update_ca_certificate, &authority, change);
    }
    record!(recording, iot::delete_ca_certificate, &authority);
    record!(recording, iot::template_settings, "cms--provisioning-template");
    record!(recording, iot::thing_events_are_on);
    record!(recording, iot::get_topic_rule, "cms_thing_registered");
    record!(recording, iot::delete_certificate, &id);
    record!(recording, iot::delete_connection, "Vehicle_1HGCM82633A004352");
    record!(recording, iot::get_connection, "Vehicle_1HGCM82633A004352");
    record!(recording, iot::describe_certificate, &id);
    record!(recording, iot::detach_policy, "cms-vehicle-policy", ARN);
    record!(recording, iot::detach_thing_principal, "Vehicle_1HGCM82633A004352", ARN);
    record!(recording, iot::enable_thing_events);
    record!(recording, iot::list_attached_policies, ARN);
    record!(recording, iot::list_principal_things, ARN);
    record!(recording, iot::list_targets_for_policy, "cms-claim-policy");
    for status in [RequestedStatus::Active, RequestedStatus::Inactive, RequestedStatus::Revoked] {
        record!(recording, iot::update_certificate, &id, status);
    }

    let secret = "cms/cms-provisioning/provisioning-credentials";
    let token = "0123456789abcdef0123456789abcdef";
    record!(recording, secrets_manager::create_secret, secret, "the claim", "alias/cms", "{}", token);
    record!(recording, secrets_manager::get_secret_value, secret);
    record!(recording, secrets_manager::secret_exists, secret);
    record!(recording, secrets_manager::delete_secret, secret);
    record!(recording, secrets_manager::create_secret_without_value, secret, "the claim", "alias/cms");
    record!(recording, secrets_manager::describe_secret, secret);
    record!(recording, secrets_manager::get_secret_version, secret, token);
    record!(recording, secrets_manager::put_pending_version, secret, token, "{}");
    record!(recording, secrets_manager::make_version_current, secret, token, None);
    record!(recording, secrets_manager::make_version_current, secret, token, Some(token));
    let function = "arn:aws:lambda:eu-west-1:123456789012:function:cms-rotate-claim";
    record!(recording, secrets_manager::schedule_rotation, secret, function, 90);
    record!(recording, secrets_manager::rotate_secret, secret, token);
    record!(recording, secrets_manager::give_up_pending_version, secret, token);
    record!(recording, secrets_manager::list_secrets, secret);
    record!(recording, secrets_manager::cancel_rotation, secret);
    record!(recording, lambda::may_invoke, "cms-claims");
    record!(recording, lambda::function_settings, "cms-claims");
    record!(recording, lambda::get_policy, "cms-claims");
    record!(recording, lambda::stream_mapping_state, "14e0db71-5d35-4eb5-b481-8945cf9d10c2");
    record!(recording, kms::key_state, "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab");
    record!(recording, sqs::queue_depth, "https://sqs.eu-west-1.amazonaws.com/123456789012/events");
    record!(recording, service_quotas::iot_quotas);
    record!(recording, lambda::invoke, "cms-claims", &serde_json::json!({ "action": "create" }));
}
