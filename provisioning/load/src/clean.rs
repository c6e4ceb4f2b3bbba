//! Removing what the test made: certificates, things and rows of its own VINs, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use aws::dynamodb::Item;
use aws::iot::describe_certificate;
use aws::tables::{TableNames, authorized_vehicles, provisioned_vehicles, provisioning_attempts};
use aws::{Aws, AwsError, Call, NativeTransport, Service};
use futures::stream::{self, StreamExt, TryStreamExt};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use provisioning_rules::Effect;
use serde_json::{Value, json};
use shared::{CertificateId, ThingName, Vin};

use crate::pace::Pace;
use crate::reasons::{admission_key, partition};
use crate::summary::Cleaned;
use crate::{LoadError, Plan};

/// Removes everything that belongs to these VINs, whose vehicles got these certificates.
pub(crate) async fn clean(
    aws: &Aws<NativeTransport>,
    tables: &TableNames,
    attempts: Option<&str>,
    plan: &Plan,
    issued: &BTreeMap<Vin, BTreeSet<CertificateId>>,
    done: impl Fn(),
) -> Result<Cleaned, LoadError> {
    let pace = Pace::per_second(plan.rate);
    let one = async |(vin, issued): (&Vin, &BTreeSet<CertificateId>)| {
        let cleaned = clean_vin(aws, tables, attempts, vin, issued, &pace).await?;
        done();
        Ok::<_, LoadError>(cleaned)
    };
    stream::iter(issued.iter().map(one))
        .buffer_unordered(plan.concurrency.get() as usize)
        .try_fold(Cleaned::default(), async |sum, one| Ok(sum + one))
        .await
}

async fn clean_vin(
    aws: &Aws<NativeTransport>,
    tables: &TableNames,
    attempts: Option<&str>,
    vin: &Vin,
    issued: &BTreeSet<CertificateId>,
    pace: &Pace,
) -> Result<Cleaned, LoadError> {
    const CERTIFICATES: &str = "delete the certificates of the test's vehicles";
    const ROWS: &str = "delete the rows of the test's vehicles";
    let mut cleaned = Cleaned::default();
    let rows = partition(aws, &tables.provisioned_vehicles, (provisioned_vehicles::VIN, vin.as_str()))
        .await
        .map_err(LoadError::attempting(ROWS))?;
    let mut certificates = issued.clone();
    certificates.extend(rows.iter().filter_map(|row| Some(provisioned_vehicles::from_item(row).ok()?.certificate_id)));
    for id in &certificates {
        pace.turn().await;
        if describe_certificate(aws, id).await.map_err(LoadError::attempting(CERTIFICATES))?.is_none() {
            continue;
        }
        let effects = vec![
            Effect::DeactivateCertificate(id.clone()),
            Effect::DetachCertificate(id.clone()),
            Effect::DeleteCertificate(id.clone()),
        ];
        aws::perform(aws, tables, effects, |_| {}).await.map_err(LoadError::performing(CERTIFICATES))?;
        cleaned.certificates += 1;
    }
    // A VIN that never had a certificate on record has no thing either.
    if !rows.is_empty() {
        delete_thing(aws, &ThingName::of(vin)).await.map_err(LoadError::attempting("delete the test's things"))?;
        cleaned.things += 1;
    }
    let mut keys: Vec<(&str, Item)> = vec![(&tables.authorized_vehicles, authorized_vehicles::key(vin))];
    let provisioned = [provisioned_vehicles::VIN, provisioned_vehicles::CERTIFICATE_ID];
    keys.extend(rows.iter().map(|row| (tables.provisioned_vehicles.as_str(), key_of(row, &provisioned))));
    if let Some(table) = attempts {
        let made = partition(aws, table, (provisioning_attempts::VIN, vin.as_str()))
            .await
            .map_err(LoadError::attempting(ROWS))?;
        let attempt = [provisioning_attempts::VIN, provisioning_attempts::ATTEMPT_ID];
        keys.extend(made.iter().map(|row| (table, key_of(row, &attempt))));
        keys.extend(certificates.iter().map(|id| (table, admission_key(id))));
    }
    for (table, key) in keys {
        cleaned.rows += u64::from(delete_item(aws, table, key).await.map_err(LoadError::attempting(ROWS))?);
    }
    Ok(cleaned)
}

fn key_of(row: &Item, attributes: &[&str]) -> Item {
    row.iter()
        .filter(|(name, _)| attributes.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// DeleteThing, of one that may be gone. Nothing of the product does this: a vehicle's thing stays.
async fn delete_thing(aws: &Aws<NativeTransport>, thing: &ThingName) -> Result<(), AwsError> {
    let call = Call {
        service: Service::Iot,
        operation: "DeleteThing",
        method: http::Method::DELETE,
        path: format!("/things/{}", utf8_percent_encode(thing.as_str(), NON_ALPHANUMERIC)),
        headers: Vec::new(),
        body: Vec::new(),
    };
    match aws.call(call).await {
        Err(error) if error.is_not_found() => Ok(()),
        answer => answer.map(drop),
    }
}

/// DeleteItem. Nothing of the product does this either: its rows are kept. Tells whether there was one.
async fn delete_item(aws: &Aws<NativeTransport>, table: &str, key: Item) -> Result<bool, AwsError> {
    let call = Call {
        service: Service::DynamoDb,
        operation: "DeleteItem",
        method: http::Method::POST,
        path: "/".to_owned(),
        headers: vec![
            ("content-type", "application/x-amz-json-1.0".to_owned()),
            ("x-amz-target", "DynamoDB_20120810.DeleteItem".to_owned()),
        ],
        body: json!({ "TableName": table, "Key": key, "ReturnValues": "ALL_OLD" }).to_string().into_bytes(),
    };
    let answer = aws.call(call).await?;
    let answer: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    Ok(answer.get("Attributes").is_some())
}
