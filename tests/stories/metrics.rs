//! What a deployment tells of itself, and when it tells nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use aws::lambda::invoke;
use deploy::{Target, UpOptions};
use libtest_mimic::Trial;
use provisioning_lambdas::housekeeping::AnonymizedMetrics;
use stories::{Api, World, administrator_of};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use vehicle::{Claim, Endpoint, ProvisioningRequest, TemplateName};

use crate::Teller;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    vec![teller.fact("anonymised_metrics_are_exactly_those_listed_and_are_sent_only_where_wanted", sent_where_wanted)]
}

/// On a stack of its own, whose numbers are known.
async fn sent_where_wanted(world: Arc<World>) -> Result<()> {
    let mut configuration = world.configuration_beside("metrics")?;
    configuration.demo_fleet = false;
    let stack = local::Stack::start(&configuration, |_| {}).await?;
    let administrator = administrator_of(&stack.json);
    let (vin, stranger) = ("METR1CS0000000001", "METR1CS0000000002");
    Api::of(&stack.json).authorize(vin).await?;
    let secret = aws::secrets_manager::get_secret_value(&administrator, &stack.json.claim_secret_id).await?;
    let claim = Claim::from_secret(&secret)?;
    let root_ca_pem = Some(std::fs::read_to_string(&stack.json.root_ca)?);
    let mqtt = Endpoint { port: stack.json.mqtt_port, root_ca_pem, ..Endpoint::new(&stack.json.mqtt_host) };
    let request = |vin: &str| -> Result<ProvisioningRequest> {
        Ok(ProvisioningRequest::new(TemplateName::parse(&stack.json.template_name)?, vin)?)
    };
    let identity = vehicle::provision(&claim, &mqtt, &request(vin)?).await?;
    ensure!(vehicle::provision(&claim, &mqtt, &request(stranger)?).await.is_err(), "a stranger was let in");

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/numbers", listener.local_addr()?);
    let chore = serde_json::json!({ "chore": "send anonymised metrics" });
    let set = async |switch: &str| -> Result<()> {
        let parameters = [("MetricsUrl", url.as_str()), ("SendAnonymizedMetrics", switch)];
        let options = UpOptions {
            target: Target { app_unique_id: configuration.app.clone(), code_bucket: None },
            zips: configuration.build.function_zips.clone(),
            parameters: BTreeMap::from(parameters.map(|(name, value)| (name.to_owned(), value.to_owned()))),
        };
        deploy::up(&administrator, &options, &mut |_| {}).await?;
        Ok(())
    };
    // An address alone is not enough: the local stack has the switch off.
    set("No").await?;
    invoke(&administrator, "cms-housekeeping", &chore).await?;
    nobody_called(&listener).await?;

    set("Yes").await?;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let (received, answered) = tokio::join!(receive(&listener), invoke(&administrator, "cms-housekeeping", &chore));
        answered?;
        let body = received?;
        // The type takes no member that it does not list.
        let metrics: AnonymizedMetrics = serde_json::from_str(&body).with_context(|| body.clone())?;
        ensure!(metrics.provisioned == 1, "{body}");
        ensure!(metrics.denied == BTreeMap::from([("VIN_NOT_AUTHORIZED".to_owned(), 1)]), "{body}");
        ensure!(metrics.certificates.values().sum::<u64>() == 1, "{body}");
        ensure!(metrics.region == stack.json.region, "{body}");
        let account = "000000000000";
        for secret in [vin, stranger, account, identity.certificate_id.as_str(), "local-operator"] {
            ensure!(!body.contains(secret), "{body} tells {secret}");
        }
        ids.push(metrics.deployment_id);
    }
    ensure!(ids[0] == ids[1] && ids[0].len() == 32, "{ids:?}");

    set("No").await?;
    invoke(&administrator, "cms-housekeeping", &chore).await?;
    nobody_called(&listener).await?;
    stack.stop();
    Ok(())
}

/// The function answers after it has sent: whoever called stands before us in the queue.
async fn nobody_called(listener: &TcpListener) -> Result<()> {
    let ours = TcpStream::connect(listener.local_addr()?).await?;
    let (_, first) = listener.accept().await?;
    ensure!(first == ours.local_addr()?, "somebody called");
    Ok(())
}

/// Takes one request and answers it. Its body.
async fn receive(listener: &TcpListener) -> Result<String> {
    let (mut connection, _) = listener.accept().await?;
    let mut read = Vec::new();
    loop {
        let mut part = [0; 4_096];
        let length = connection.read(&mut part).await?;
        ensure!(length > 0, "the request ends early: {}", String::from_utf8_lossy(&read));
        read.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        ensure!(head.starts_with("POST /numbers "), "{head}");
        let head = head.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).context("a length")?;
        ensure!(!head.contains("authorization"), "the request is signed: {head}");
        if body.len() >= length.trim().parse()? {
            connection.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await?;
            return Ok(body.to_owned());
        }
    }
}
